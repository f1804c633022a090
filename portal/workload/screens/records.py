"""The team's records of its own time: patterns of weeks, absences, limits, rules; their policies.

First of the screens: policies are registered before any screen shows.
"""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.admin.ui.tables import BooleanColumn, Column

from core.backoffice import menu
from core.backoffice.columns import FigureColumn, FrenchDateColumn
from core.backoffice.viewsets import RecordViewSet
from portal.workload.durations import duration_text
from portal.workload.models import Absence, ColumnLimit, TimeRules, WorkPattern

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class WorkPatternViewSet(RecordViewSet):
    """How long each works on each day of the week."""

    model = WorkPattern
    icon = "time"
    menu_label = _("Temps de travail")
    add_label = _("Nouvel horaire")
    ordering = "-valid_from"
    list_display = [
        Column("user", label=_("Personne")),
        FrenchDateColumn("valid_from", label=_("À partir du")),
        Column(
            "week",
            label=_("Par semaine"),
            accessor=lambda row: duration_text(sum(row.minutes)),
        ),
    ]
    search_fields = ["user__first_name", "user__last_name"]
    list_export = ["user", "valid_from", *DAYS]
    export_filename = "temps-de-travail"
    inspect_view_fields = ["user", "valid_from", *DAYS]
    panels = [
        FieldRowPanel([FieldPanel("user"), FieldPanel("valid_from")]),
        FieldRowPanel([FieldPanel(day) for day in DAYS[:5]], heading=_("Minutes par jour")),
        FieldRowPanel([FieldPanel(day) for day in DAYS[5:]]),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[WorkPattern]:
        return WorkPattern.objects.select_related("user")

    def inspect_value(self, record: WorkPattern, name: str) -> Any:
        return duration_text(getattr(record, name)) if name in DAYS else None


class AbsenceViewSet(RecordViewSet):
    """When each is away."""

    model = Absence
    icon = "date"
    menu_label = _("Absences")
    add_label = _("Nouvelle absence")
    ordering = "-starts_on"
    list_display = [
        Column("user", label=_("Personne")),
        FrenchDateColumn("starts_on", label=_("Du")),
        FrenchDateColumn("ends_on", label=_("Au")),
        BooleanColumn("is_half", label=_("Demi-journées")),
        Column("get_reason_display", label=_("Motif")),
    ]
    list_filter = ["reason"]
    search_fields = ["user__first_name", "user__last_name", "note"]
    list_export = ["user", "starts_on", "ends_on", "is_half", "reason"]
    export_filename = "absences"
    inspect_view_fields = ["user", "starts_on", "ends_on", "is_half", "reason", "note"]
    panels = [
        FieldPanel("user"),
        FieldRowPanel([FieldPanel("starts_on"), FieldPanel("ends_on"), FieldPanel("is_half")]),
        FieldRowPanel([FieldPanel("reason"), FieldPanel("note")]),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Absence]:
        return Absence.objects.select_related("user")


class ColumnLimitViewSet(RecordViewSet):
    """How many tasks a column holds at most."""

    model = ColumnLimit
    icon = "warning"
    menu_label = _("Limites des colonnes")
    add_label = _("Nouvelle limite")
    ordering = "status"
    list_display = [
        Column("get_status_display", label=_("Colonne")),
        Column("where", label=_("Où"), accessor=lambda row: row.project or _("Tous les projets")),
        FigureColumn("most", label=_("Tâches au plus")),
    ]
    list_export = ["status", "project", "most"]
    export_filename = "limites-de-colonnes"
    inspect_view_fields = ["status", "project", "most"]
    panels = [
        FieldRowPanel([FieldPanel("status"), FieldPanel("most")]),
        FieldPanel("project"),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[ColumnLimit]:
        return ColumnLimit.objects.select_related("project")


class TimeRulesViewSet(RecordViewSet):
    """How the timer rounds, and when it counts as forgotten."""

    model = TimeRules
    icon = "cogs"
    menu_label = _("Règles du temps")
    add_label = _("Fixer les règles")
    ordering = "pk"
    list_display = [
        Column("get_step_display", label=_("Arrondi")),
        BooleanColumn("rounds_up", label=_("Au pas supérieur")),
        FigureColumn("longest_hours", label=_("Oublié après (heures)")),
    ]
    list_export = ["step", "rounds_up", "longest_hours"]
    inspect_view_fields = ["step", "rounds_up", "longest_hours"]
    panels = [
        FieldRowPanel([FieldPanel("step"), FieldPanel("rounds_up")]),
        FieldPanel("longest_hours"),
    ]


menu.add("taches", AbsenceViewSet, order=50)
menu.add("taches", WorkPatternViewSet, order=52)
menu.add("taches", ColumnLimitViewSet, order=60)
menu.add("taches", TimeRulesViewSet, order=65)
