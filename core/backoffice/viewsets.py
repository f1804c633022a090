"""The base of every admin screen: list, search, filter, create, edit, inspect, history, buttons.

In an app's wagtail_hooks.py, in this order:

    register_permission_policy(Invoice, KeptRecordPolicy(Invoice))   # core.access.policies
    log.declare(invoice_issued=_("Facture émise"))                   # core.audit

    class InvoiceViewSet(RecordViewSet):
        model = Invoice
        icon = "doc-full"
        menu_label = _("Factures")
        add_label = _("Nouvelle facture")
        list_display = [
            "number",
            Column("client", label=_("Client")),
            StatusColumn("status", label=_("État"), looks=LOOKS, sort_key="status"),
            MoneyColumn("total", label=_("Total TTC"), sort_key="total"),
            FrenchDateColumn("due_date", label=_("Échéance"), sort_key="due_date"),
        ]
        filterset_class = InvoiceFilterSet          # choosers for foreign keys, never radios
        search_fields = ["search_norm", "number"]   # or a `search_vector` field on the model
        list_export = ["number", "client.name", "total", "currency"]
        money_fields = ("total",)                   # amounts, for exports and the record's page
        inspect_view_fields = ["number", "client", "status", "total"]
        panels = [...]                              # or edit_handler = TabbedInterface([...])
        actions = (IssueInvoice,)

        def get_queryset(self, request):
            return Invoice.objects.select_related("client").defer("client__search_vector")

    menu.add("facturation", InvoiceViewSet, order=10)                # core.backoffice.menu

Sort keys only on indexed columns. Foreign keys shown in the list need `select_related`.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from django.db.models import Model
from django.http import HttpRequest
from django.urls import path
from wagtail.snippets.views.snippets import SnippetViewSet

from core.access.row_guard import guarded
from core.backoffice import (
    dates,  # noqa: F401  gives every date of a record its field
    pages,
)
from core.backoffice.actions import RecordAction, added_to
from core.backoffice.choosers import RecordChooserViewSet
from core.backoffice.forms import lockable_form
from core.hooks import Section


class RecordViewSet(SnippetViewSet):
    """The screens of a model whose rows people keep by hand."""

    index_view_class = pages.RecordIndexView
    add_view_class = pages.RecordCreateView
    copy_view_class = pages.RecordCopyView
    edit_view_class = pages.RecordEditView
    delete_view_class = pages.RecordDeleteView
    inspect_view_class = pages.RecordInspectView
    chooser_viewset_class = RecordChooserViewSet

    actions: Sequence[type[RecordAction]] = ()
    search_fields: Sequence[str] = ()  # empty: the `search_vector` of the model, if it has one
    money_fields: Sequence[str] = ()
    inspect_labels: Mapping[str, Any] = MappingProxyType({})  # where the field's name misleads
    more_columns: Sequence[Any] = ()  # columns that show once a person asks for them
    letter = ""  # after « g » on the keyboard, it leads to the list
    help_slug = ""  # of the guide’s page on these screens; empty: that of the menu’s group
    empty_text: Any = ""  # what the list is for, said while it is empty
    add_label: Any = ""
    locked_text: Any = ""  # said when somebody opens the edit page of a locked row
    # Tabs of a record’s page: key, label. The first shows the fields, and sections of no tab.
    tabs: Mapping[str, Any] = MappingProxyType({})
    has_bulk_actions = False  # boxes beside the rows, for bulk actions of ours
    bulk_delete_enabled = False  # and the deletion of several rows, each one logged

    copy_view_enabled = False  # True needs `make_copy`
    inspect_view_enabled = True
    add_to_reference_index = False
    list_per_page = 50

    def saved(self, record: Any, *, actor: Any, is_new: bool) -> None:
        """Do what follows from a save, in its transaction: call one service, such as totals."""

    def new_record(self, request: HttpRequest) -> Model | None:
        """Return an unsaved row to start the creation form from, if there is one."""
        return None

    def make_copy(self, source: Any) -> Any:
        """Return an unsaved row, and unsaved children, filled from another."""
        raise NotImplementedError

    def url_after_save(self, record: Any) -> str:
        """Return where to go after a save; the list when empty."""
        return ""

    def inspect_value(self, record: Any, name: str) -> Any:
        """Return what the record's page says of a field; None leaves it to the field."""
        return None

    def sections(self, record: Any, request: HttpRequest) -> list[Section]:
        """Return the tables under the fields of a record's page."""
        return []

    def construct_view(self, view_class: type, **kwargs: Any) -> Any:
        return super().construct_view(guarded(view_class), **kwargs)

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        extras: dict[str, Any] = {
            "viewset": self,
            "money_fields": tuple(self.money_fields),
            "more_columns": tuple(self.more_columns),
        }
        if not self.add_to_reference_index:
            extras["usage_url_name"] = None  # no index, so nothing true to show
        return {**super().get_common_view_kwargs(), **extras, **kwargs}

    def get_edit_handler(self) -> Any:
        handler = super().get_edit_handler()
        if handler is not None:
            handler.base_form_class = lockable_form(self.model, handler.base_form_class)
        return handler

    def get_templates(self, name: str = "index", fallback: str = "") -> list[str]:
        ours = f"core/backoffice/{name}.html"
        templates = super().get_templates(name, fallback)
        return [*templates[:2], ours, *templates[2:]] if name in OUR_TEMPLATES else templates

    def get_urlpatterns(self) -> list[Any]:
        patterns = super().get_urlpatterns()
        if not self.add_to_reference_index:
            patterns = [pattern for pattern in patterns if pattern.name != "usage"]
        return patterns + [
            path(f"{action.name}/<{self.pk_path_converter}:pk>/", view, name=action.name)
            for action, view in self._action_views()
        ]

    def _action_views(self) -> list[tuple[type[RecordAction], Any]]:
        return [(action, self.construct_view(action)) for action in self.all_actions]

    @property
    def all_actions(self) -> tuple[type[RecordAction], ...]:
        """Every button of the records: ours, and those that other apps added."""
        return (*self.actions, *added_to(self.model))


OUR_TEMPLATES = ("index", "edit", "inspect")


class ReadOnlyViewSet(RecordViewSet):
    """Rows that the system writes: a list and a page for each, nothing to add, edit or delete.

    Register the model with `ReadOnlyPolicy`. Buttons may still be listed in `actions`.
    """

    def get_urlpatterns(self) -> list[Any]:
        kept = {"list", "list_results", "inspect"} | {action.name for action in self.all_actions}
        return [pattern for pattern in super().get_urlpatterns() if pattern.name in kept]

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        absent = dict.fromkeys(("add_url_name", "edit_url_name", "delete_url_name"))
        return {**super().get_common_view_kwargs(), **absent, "history_url_name": None, **kwargs}

    def register_admin_url_finder(self) -> None:
        """Leave the model without an edit address: it has none."""

    def register_chooser_viewset(self) -> None:
        """Leave the model without a chooser: nothing points at a journal by hand."""
