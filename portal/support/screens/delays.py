"""The delays we promise, and the working hours on which they run."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import BooleanColumn, Column

from core.audit.log import record as record_act
from core.backoffice import menu
from core.backoffice.actions import RecordAction
from core.backoffice.viewsets import RecordViewSet
from portal.support.hours import UnreadableHours, read_periods, write_periods
from portal.support.models import BusinessCalendar, SlaPolicy
from portal.support.models.delays import DAYS
from portal.support.recomputing import MOST_PREVIEWED, concerned, owe_recomputing, preview


class RecomputeTickets(RecordAction):
    """Write the promises of open requests anew, once it was seen how many that is."""

    name = "recalculer"
    label = _("Recalculer les demandes ouvertes")
    icon_name = "rotate"
    permission = "change"
    success = _("Les délais des demandes ouvertes sont recalculés dans un instant.")
    template_name = "portal/support/backoffice/recompute.html"
    by = ""  # what the record is to a ticket

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        count, moved = preview(**{self.by: self.object.pk})
        return super().get_context_data(count=count, moved=moved, most=MOST_PREVIEWED, **kwargs)

    def perform(self, record: Any, actor: Any) -> None:
        owe_recomputing(**{self.by: record.pk})
        record_act("sla_recomputed", record, actor=actor)


class RecomputePolicy(RecomputeTickets):
    by = "policy_id"


class RecomputeCalendar(RecomputeTickets):
    by = "calendar_id"


def leads_to_recomputing(record: Any, *, by: str) -> bool:
    """Tell whether open requests rest on a policy or a calendar: the next page asks about them."""
    return concerned(**{by: record.pk}).exists()


class SlaPolicyViewSet(RecordViewSet):
    """The delays we promise."""

    model = SlaPolicy
    icon = "time"
    menu_label = _("Délais de service")
    add_label = _("Nouveau délai")
    ordering = "name"
    list_display = [
        "name",
        Column("text", label=_("Réponse / résolution")),
        Column("get_kind_display", label=_("Type")),
        Column("get_priority_display", label=_("Priorité")),
        Column("for_client", label=_("Client")),
        Column("for_project", label=_("Projet")),
        Column("calendar", label=_("Calendrier")),
        BooleanColumn("is_active", label=_("En vigueur")),
    ]
    search_fields = ["name"]
    inspect_view_fields = [
        "name",
        "calendar",
        "answer_in",
        "answer_unit",
        "solution_in",
        "solution_unit",
        "kind",
        "priority",
        "for_client",
        "for_project",
        "warns_at",
        "escalates",
        "is_active",
    ]
    panels = [
        FieldRowPanel([FieldPanel("name"), FieldPanel("is_active")]),
        FieldRowPanel([FieldPanel("answer_in"), FieldPanel("answer_unit")]),
        FieldRowPanel([FieldPanel("solution_in"), FieldPanel("solution_unit")]),
        FieldPanel("calendar"),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("kind"), FieldPanel("priority")]),
                FieldRowPanel([FieldPanel("for_client"), FieldPanel("for_project")]),
            ],
            heading=_("S’applique à (rien de choisi : à toutes les demandes)"),
        ),
        FieldRowPanel([FieldPanel("warns_at"), FieldPanel("escalates")]),
    ]

    actions = (RecomputePolicy,)

    def url_after_save(self, record: SlaPolicy) -> str:
        if not leads_to_recomputing(record, by="policy_id"):
            return ""
        return reverse(self.get_url_name("recalculer"), args=[record.pk])

    def get_queryset(self, request: HttpRequest) -> QuerySet[SlaPolicy]:
        rows = SlaPolicy.objects.select_related("calendar", "for_client", "for_project")
        return rows.defer("for_client__search_vector")


def _day_field(day: int) -> forms.CharField:
    return forms.CharField(
        label=capfirst(DAYS[day]),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"placeholder": "8 h-12 h 30, 14 h-18 h"}),
    )


class CalendarForm(WagtailAdminModelForm):
    """The hours of each day, as people write them."""

    day_1, day_2, day_3, day_4 = (_day_field(day) for day in range(1, 5))
    day_5, day_6, day_7 = (_day_field(day) for day in range(5, 8))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for day in DAYS:
            periods = [(a, b) for a, b in self.instance.hours.get(str(day), ())]
            self.fields[f"day_{day}"].initial = write_periods(periods)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        hours: dict[str, list[list[int]]] = {}
        for day in DAYS:
            try:
                periods = read_periods(data.get(f"day_{day}") or "")
            except UnreadableHours:
                text = _("Écrivez des plages qui ne se touchent pas : 8 h-12 h 30, 14 h-18 h.")
                self.add_error(f"day_{day}", ValidationError(text))
                continue
            if periods:
                hours[str(day)] = [list(period) for period in periods]
        self.instance.hours = hours
        return data


class BusinessCalendarViewSet(RecordViewSet):
    """Our working hours."""

    model = BusinessCalendar
    icon = "calendar"
    menu_label = _("Calendriers ouvrés")
    add_label = _("Nouveau calendrier")
    ordering = "name"
    list_display = [
        "name",
        Column("text", label=_("Heures")),
        Column("get_time_zone_display", label=_("Fuseau")),
        BooleanColumn("keeps_holidays", label=_("Fermé les jours fériés")),
    ]
    search_fields = ["name"]
    inspect_view_fields = ["name", "time_zone", "hours", "keeps_holidays"]
    edit_handler = ObjectList(
        [
            FieldRowPanel([FieldPanel("name"), FieldPanel("time_zone")]),
            MultiFieldPanel(
                [FieldPanel(f"day_{day}") for day in DAYS],
                heading=_("Heures d’ouverture (rien : fermé)"),
            ),
            FieldPanel("keeps_holidays"),
        ],
        base_form_class=CalendarForm,
    )

    actions = (RecomputeCalendar,)

    def url_after_save(self, record: BusinessCalendar) -> str:
        if not leads_to_recomputing(record, by="calendar_id"):
            return ""
        return reverse(self.get_url_name("recalculer"), args=[record.pk])

    def inspect_value(self, record: BusinessCalendar, name: str) -> Any:
        return record.text if name == "hours" else None


menu.add("support", SlaPolicyViewSet, order=80)
menu.add("support", BusinessCalendarViewSet, order=90)
