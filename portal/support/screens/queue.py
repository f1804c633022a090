"""The queue of requests: views, filters and order, all of it from indexed columns."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter, ModelChoiceFilter, MultipleChoiceFilter
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.widgets.button import Button

from core.accounts.models import Client, User
from core.backoffice.choosers import RecordChooser
from core.backoffice.pages import RecordIndexView
from core.backoffice.search import search
from portal.projects.models import Project
from portal.support.delays import every_week
from portal.support.models import SlaPolicy, Ticket
from portal.support.screens.words import STATES, with_clocks

VIEWS = {
    "": _("À traiter"),
    "libres": _("Non assignées"),
    "moi": _("À moi"),
    "retard": _("En dépassement"),
    "attente": _("En attente du client"),
    "toutes": _("Toutes"),
}
SLA_STATES = [
    ("late", _("Dépassé")),
    ("risk", _("À risque")),
    ("ok", _("Dans les temps")),
    ("paused", _("En pause")),
    ("none", _("Sans délai")),
]
MOST_CLIENTS = 200  # found by name for a search among tickets
MOST_FOUND = 1000  # by their words: beyond, one more word says which
URGENT_FIRST = ("next_due_at", "-priority", "id")


def staff_choices() -> list[tuple[str, str]]:
    """Return the people of the team, to choose from: there are few of them."""
    people = User.objects.filter(is_staff=True, is_active=True).order_by("first_name", "last_name")
    return [("none", str(_("Personne"))), *((str(one.pk), str(one)) for one in people)]


class TicketFilterSet(WagtailFilterSet):
    """What narrows the queue; every choice reads an index."""

    vue = ChoiceFilter(
        label=_("Vue"),
        choices=[(key, label) for key, label in VIEWS.items() if key],
        method="filter_view",
        widget=forms.HiddenInput,
    )
    delai = ChoiceFilter(label=_("Délai"), choices=SLA_STATES, method="filter_delay")
    status = MultipleChoiceFilter(
        label=_("État"), choices=STATES, widget=forms.CheckboxSelectMultiple, distinct=False
    )
    priority = MultipleChoiceFilter(
        label=_("Priorité"),
        choices=Ticket.Priority.choices,
        widget=forms.CheckboxSelectMultiple,
        distinct=False,
    )
    kind = MultipleChoiceFilter(
        label=_("Type"),
        choices=Ticket.Kind.choices,
        widget=forms.CheckboxSelectMultiple,
        distinct=False,
    )
    personne = ChoiceFilter(label=_("Suivi par"), choices=staff_choices, method="filter_person")
    client = ModelChoiceFilter(
        label=_("Client"), queryset=Client.objects.all(), widget=RecordChooser(Client, icon="group")
    )
    project = ModelChoiceFilter(
        label=_("Projet"), queryset=Project.objects.all(), widget=RecordChooser(Project)
    )
    sla = ModelChoiceFilter(
        label=_("Délai de service"),
        queryset=SlaPolicy.objects.all(),
        widget=RecordChooser(SlaPolicy),
    )

    class Meta:
        model = Ticket
        fields: list[str] = []

    def filter_view(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        if value == "libres":
            return rows.open().filter(assignee=None)
        if value == "moi":
            return rows.open().filter(assignee=self.request.user)
        if value == "retard":
            return rows.late(timezone.now())
        if value == "attente":
            return rows.filter(status=Ticket.Status.WAITING)
        return rows

    def filter_delay(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        now = timezone.now()
        if value == "paused":
            return rows.open().filter(paused_at__isnull=False)
        if value == "none":
            return rows.open().filter(next_due_at=None, paused_at=None)
        kept = {"late": rows.late, "risk": rows.at_risk, "ok": rows.on_time}
        return kept[value](now)

    def filter_person(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(assignee=None if value == "none" else value)


class TicketIndexView(RecordIndexView):
    """The queue: most pressing first; whoever opens a ticket reads it before they change it."""

    default_ordering = URGENT_FIRST

    def get_edit_url(self, instance: Any) -> str | None:
        return None

    def get_list_more_buttons(self, instance: Any) -> list[Any]:
        buttons = super().get_list_more_buttons(instance)
        if edit_url := super().get_edit_url(instance):
            buttons.append(Button(_("Modifier"), url=edit_url, icon_name="edit", priority=10))
        return buttons

    def order_queryset(self, queryset: QuerySet) -> QuerySet:
        if self.request.GET.get("vue") == "attente":
            return queryset.order_by("-priority", "id")  # no clock runs there
        if not self.ordering or self.ordering == self.default_ordering:
            return queryset.order_by(*URGENT_FIRST)
        return super().order_queryset(queryset)

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        rows = super().filter_queryset(queryset)
        asked = self.request.GET
        is_chosen = any(asked.get(name) for name in ("vue", "status", "delai"))
        return rows if is_chosen or asked.get("q") else rows.open()

    def search_queryset(self, queryset: QuerySet) -> QuerySet:
        """Look into numbers and subjects, or among the tickets of clients of that name."""
        words = self.search_query
        if not words:
            return queryset
        clients = search(Client.objects.all(), words).order_by().values_list("pk", flat=True)
        found = search(Ticket.objects.all(), words).order_by().values_list("pk", flat=True)
        by_client = Q(client__in=list(clients[:MOST_CLIENTS]))
        return queryset.filter(Q(pk__in=list(found[:MOST_FOUND])) | by_client)

    @cached_property
    def views(self) -> list[dict[str, Any]]:
        """Return the saved views, as tabs above the list."""
        chosen = self.request.GET.get("vue", "")
        return [
            {"label": label, "url": f"?vue={key}" if key else "?", "is_current": key == chosen}
            for key, label in VIEWS.items()
        ]

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(*args, **kwargs)
        with_clocks(context["page_obj"].object_list, every_week(), timezone.now())
        return {**context, "ticket_views": self.views}


def queue_rows(request: HttpRequest) -> QuerySet[Ticket]:
    """Return tickets as the queue reads them, in one query."""
    rows = Ticket.objects.select_related("client", "assignee", "sla", "project")
    return rows.defer("client__search_vector", "search_vector", "search_norm", "rating_comment")
