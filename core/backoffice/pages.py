"""The pages of a record: list, edit, delete, inspect, and our answers to the gaps of Wagtail."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.contrib.admin.utils import quote
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.widgets.button import Button, HeaderButton
from wagtail.snippets.views import snippets

from core.access.row_guard import row_allows
from core.backoffice.exports import SafeExport
from core.backoffice.listings import DeskListing
from core.backoffice.paginator import CappedPaginator
from core.backoffice.search import has_search_vector, search
from core.money import format_short
from core.ui.formats import clock_time, date_long

TAB = "onglet"  # of the address
MOST_AT_HEAD = 3  # buttons beside the name of a record: more of them push it off the page


class RecordButtons:
    """The buttons of the actions of a viewset, for one row."""

    viewset: Any = None
    request: HttpRequest

    def action_links(self, record: Any, *, is_listed: bool = False) -> list[tuple[Any, str]]:
        """Return the actions that show for a row, each with its address."""
        return [
            (action, reverse(self.viewset.get_url_name(action.name), args=[quote(record.pk)]))
            for action in self.viewset.all_actions
            if (action.is_listed or not is_listed) and action.may(self.request.user, record)
        ]

    def action_buttons(self, record: Any) -> list[HeaderButton]:
        """Return the few buttons for the head of the record's page, the main ones first."""
        return [
            HeaderButton(str(action.label), url=url, icon_name=action.icon_name, priority=order)
            for order, (action, url) in enumerate(self._by_rank(record)[:MOST_AT_HEAD], start=10)
        ]

    def more_action_buttons(self, record: Any) -> list[Button]:
        """Return what the head has no room for: it goes to its menu « … »."""
        return [
            Button(str(action.label), url=url, icon_name=action.icon_name, priority=order)
            for order, (action, url) in enumerate(self._by_rank(record)[MOST_AT_HEAD:], start=1)
        ]

    def _by_rank(self, record: Any) -> list[tuple[Any, str]]:
        return sorted(self.action_links(record), key=lambda link: not link[0].is_main)


class RecordIndexView(DeskListing, RecordButtons, SafeExport, snippets.IndexView):
    """A listing: searched without accents, counted up to a cap, buttons row by row."""

    paginator_class = CappedPaginator
    default_ordering: Any = "-pk"
    template_name = "core/backoffice/index.html"
    any_permission_required = ["add", "change", "delete", "view"]

    @cached_property
    def is_searchable(self) -> bool:
        return bool(self.search_fields) or has_search_vector(self.model)

    def search_queryset(self, queryset: QuerySet) -> QuerySet:
        return search(queryset, self.search_query, self.search_fields or ())

    @cached_property
    def columns(self) -> list[Any]:
        columns = super().columns
        return list(columns) if self.has_boxes else columns[1:]

    @cached_property
    def has_boxes(self) -> bool:
        """Tell whether rows can be chosen for bulk actions."""
        return self.viewset.has_bulk_actions or self.viewset.bulk_delete_enabled

    @cached_property
    def add_item_label(self) -> Any:
        return self.viewset.add_label or _("Ajouter")

    def get_edit_url(self, instance: Any) -> str | None:
        allowed = row_allows(self.request.user, "change", instance)
        return super().get_edit_url(instance) if allowed else None

    def get_delete_url(self, instance: Any) -> str | None:
        allowed = row_allows(self.request.user, "delete", instance)
        return super().get_delete_url(instance) if allowed else None

    def get_copy_url(self, instance: Any) -> str | None:
        allowed = row_allows(self.request.user, "view", instance)
        return super().get_copy_url(instance) if allowed else None

    def get_list_more_buttons(self, instance: Any) -> list[Any]:
        links = self.action_links(instance, is_listed=True)
        buttons = [
            Button(str(action.label), url=url, icon_name=action.icon_name, priority=5)
            for action, url in links
        ]
        return buttons + super().get_list_more_buttons(instance)


class PlainMessages:
    """Says that a record is saved in words that fit any gender; drafts keep Wagtail's own."""

    def get_success_message(self, instance: Any = None) -> str:
        if self.draftstate_enabled:  # type: ignore[attr-defined]
            return super().get_success_message(instance)  # type: ignore[misc]
        record = instance or self.object  # type: ignore[attr-defined]
        return _("Enregistré : %(record)s.") % {"record": record}

    def get_error_message(self) -> str:
        return _("Rien n’est enregistré : corrigez ce qui est signalé dans la page.")


class OneClient:
    """Says in a sentence that a record and what it hangs under are of two clients.

    The database refuses it, at the end of the transaction; what was typed stays on the page.
    """

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            with transaction.atomic():
                return super().form_valid(form)  # type: ignore[misc]
        except ProtectedError:
            text = _(
                "Rien n’est enregistré : une ligne retirée sert ailleurs, par exemple une facture."
            )
            return self._refuse_save(form, text)
        except IntegrityError as error:
            if not _names_two_clients(error):
                raise
            text = _(
                "Rien n’est enregistré : cette fiche et celles qui y tiennent (projet, jalon, "
                "messages, fichiers) sont d’un même client."
            )
            return self._refuse_save(form, text)

    def _refuse_save(self, form: Any, text: str) -> HttpResponse:
        """Bring the page back with what was typed, and why nothing was saved."""
        form.add_error(None, text)
        self.produced_error_message = self.get_error_message()  # type: ignore[attr-defined]
        return self.form_invalid(form)  # type: ignore[attr-defined]

    def hold_together(self) -> None:
        """Have the database look now, while the form is still at hand."""
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _names_two_clients(error: IntegrityError) -> bool:
    """Tell whether a constraint of `rls_operations.same_client` refused."""
    facts = getattr(error.__cause__, "diag", None)
    return (getattr(facts, "constraint_name", "") or "").endswith("_client")


class RecordCreateView(OneClient, PlainMessages, snippets.CreateView):
    """A new record, saved in one transaction with what follows from it."""

    viewset: Any = None

    def save_instance(self) -> Any:
        record = super().save_instance()
        self.viewset.saved(record, actor=self.request.user, is_new=True)
        self.hold_together()
        return record

    def get_initial_form_instance(self) -> Any:
        return super().get_initial_form_instance() or self.viewset.new_record(self.request)

    def get_success_url(self) -> str:
        return self.viewset.url_after_save(self.object) or super().get_success_url()


class RecordCopyView(RecordCreateView):
    """A new record filled from another, which stays untouched: the form posts to « add »."""

    permission_required = "add"
    http_method_names = ["get", "head", "options"]

    def get_initial_form_instance(self) -> Any:
        source = self.model._default_manager.filter(pk=self.kwargs["pk"]).first()
        if source is None or not row_allows(self.request.user, "view", source):
            raise Http404
        copy = self.viewset.make_copy(source)
        if copy.pk is not None:
            raise TypeError("make_copy must return a row without a key")
        return copy


class RecordEditView(OneClient, PlainMessages, RecordButtons, snippets.EditView):
    """An edit page: one transaction per save, the row held from check to write."""

    template_name = "core/backoffice/edit.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        is_refused = not row_allows(request.user, "change", self.object)
        if is_refused and self.inspect_url_name and request.method == "GET":
            if self.viewset.locked_text:
                messages.info(request, self.viewset.locked_text)
            return redirect(self.inspect_url_name, quote(self.object.pk))
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with transaction.atomic():
            return super().post(request, *args, **kwargs)

    def save_instance(self) -> Any:
        record = super().save_instance()
        self.viewset.saved(record, actor=self.request.user, is_new=False)
        self.hold_together()
        return record

    def get_success_url(self) -> str:
        return self.viewset.url_after_save(self.object) or super().get_success_url()

    @cached_property
    def header_buttons(self) -> list[Any]:
        return self.action_buttons(self.object)

    @cached_property
    def header_more_buttons(self) -> list[Any]:
        return [*super().header_more_buttons, *self.more_action_buttons(self.object)]


class RecordDeleteView(snippets.DeleteView):
    """A delete page: a row that others rest on stays, with a sentence instead of an error."""

    viewset: Any = None
    inspect_url_name = None
    success_message = gettext_lazy("Supprimé : %(object)s.")

    @property
    def confirmation_message(self) -> str:
        return _("Supprimer « %(record)s » ? Cela ne se défait pas.") % {"record": self.object}

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            with transaction.atomic():
                return super().form_valid(form)
        except ProtectedError as error:
            messages.error(self.request, self._protected_text(error))
            return redirect(self.get_success_url())

    def _protected_text(self, error: ProtectedError) -> str:
        names = sorted({str(row._meta.verbose_name_plural) for row in error.protected_objects})
        text = _(
            "« %(record)s » ne peut pas être supprimé : d’autres fiches y tiennent (%(names)s)."
        )
        return text % {"record": self.object, "names": ", ".join(names)}


class RecordInspectView(RecordButtons, snippets.InspectView):
    """The page of a record: its fields as people read them, then what goes with it."""

    template_name = "core/backoffice/inspect.html"
    history_url_name = None

    def get_page_title(self) -> str:
        return str(self.object)

    def get_page_subtitle(self) -> str:
        return ""  # the title is the name of the record: the head has no room for a word before it

    @cached_property
    def header_buttons(self) -> list[Any]:
        buttons = self.action_buttons(self.object)
        if edit_url := self.get_edit_url():
            buttons.append(HeaderButton(_("Modifier"), url=edit_url, icon_name="edit", priority=5))
        return buttons

    @cached_property
    def header_more_buttons(self) -> list[Any]:
        buttons = [button for button in super().header_more_buttons if button.icon_name != "edit"]
        buttons += self.more_action_buttons(self.object)
        if self.history_url_name and self.user_has_any_permission({"add", "change", "delete"}):
            url = reverse(self.history_url_name, args=[quote(self.object.pk)])
            buttons.append(Button(_("Historique"), url=url, icon_name="history", priority=30))
        return buttons

    def get_field_label(self, field_name: str, field: Any) -> Any:
        given = self.viewset.inspect_labels.get(field_name)
        return given or super().get_field_label(field_name, field)

    def get_field_display_value(self, field_name: str, field: Any) -> Any:
        told = self.viewset.inspect_value(self.object, field_name)
        if told is not None:
            return told
        if field_name in self.viewset.money_fields:
            amount = getattr(self.object, field_name)
            return "—" if amount is None else format_short(amount, self.object.currency)
        return readable(super().get_field_display_value(field_name, field))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        tabs = self.viewset.tabs
        tab = shown_tab(tabs, self.request.GET.get(TAB, ""))
        found = self.viewset.sections(self.object, self.request)
        first = next(iter(tabs), "")
        sections = [one.shown() for one in found if not tabs or (one.tab or first) == tab]
        return super().get_context_data(
            sections=sections, tabs=tabs, tab=tab, is_first_tab=tab == first, **kwargs
        )


def shown_tab(tabs: Mapping[str, Any], asked: str) -> str:
    """Return the tab that an address asks for, or the first one; empty without tabs."""
    return asked if asked in tabs else next(iter(tabs), "")


def readable(value: Any) -> Any:
    """Write a value of a field for a person: French dates, Oui or Non, a dash for nothing."""
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return _("Oui") if value else _("Non")
    if isinstance(value, datetime):
        local = timezone.localtime(value)
        return f"{date_long(local)}, {clock_time(local)}"
    return date_long(value) if isinstance(value, date) else value
