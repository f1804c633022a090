"""How the team filters tasks: the same in the list, on the board and in acts on many."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter, DateFromToRangeFilter, ModelChoiceFilter
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet

from core.accounts.models import Client
from core.once import once
from portal.projects.admin_screens.parts import chooser_of
from portal.projects.models import Project, Task

WEEK = timedelta(days=7)
MINE, NOBODY, CLIENTS = "moi", "personne", "clients"
DUE = (
    ("retard", _("En retard")),
    ("jour", _("Aujourd’hui")),
    ("semaine", _("Dans les sept jours")),
    ("sans", _("Sans échéance")),
)
KEPT = (("en-cours", _("Ouvertes")), ("archivees", _("Archivées")), ("toutes", _("Toutes")))


def team_members(request: HttpRequest) -> list[Any]:
    """Return the people of the team, read once for a page."""
    return once(request, "team_members", lambda: list(staff()))


def staff() -> QuerySet:
    """Return the people of the team, by name."""
    people = get_user_model().objects.filter(is_staff=True, is_active=True)
    return people.order_by("first_name", "last_name", "pk")


def due_condition(value: str) -> Q:
    """Return the condition of a choice of due dates, among tasks not done."""
    today = timezone.localdate()
    conditions = {
        "retard": Q(due_date__lt=today),
        "jour": Q(due_date=today),
        "semaine": Q(due_date__gte=today, due_date__lte=today + WEEK),
        "sans": Q(due_date=None),
    }
    return conditions[value] & ~Q(status=Task.Status.DONE)


class TaskFilterSet(WagtailFilterSet):
    """How tasks are filtered. Archived ones show only when asked for."""

    qui = ChoiceFilter(
        label=_("Qui"),
        method="filter_who",
        choices=[
            (MINE, _("Les miennes")),
            (NOBODY, _("À personne")),
            (CLIENTS, _("Aux clients")),
        ],
    )
    assignee = ModelChoiceFilter(
        label=_("Assignée à"), queryset=lambda request: staff(), widget=forms.Select
    )
    echeance = ChoiceFilter(label=_("Échéance"), method="filter_due", choices=DUE)
    due_date = DateFromToRangeFilter(label=_("Entre deux jours"), widget=DateRangePickerWidget)
    project = chooser_of(Project, _("Projet"), "project")
    client = chooser_of(Client, _("Client"), "client")
    archives = ChoiceFilter(label=_("Archives"), method="keep", choices=KEPT[1:])

    class Meta:
        model = Task
        fields = [
            "qui", "assignee", "status", "priority", "echeance", "due_date", "project", "client",
            "is_shared", "archives",
        ]  # fmt: skip

    def filter_queryset(self, queryset: QuerySet[Task]) -> QuerySet[Task]:
        rows = super().filter_queryset(queryset)
        asked = self.form.cleaned_data.get("archives")
        return rows if asked else rows.filter(archived_at=None)

    def filter_who(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        if value == MINE:
            return rows.filter(assignee=self.request.user)
        if value == NOBODY:
            return rows.filter(assignee=None)
        return rows.filter(assignee__is_staff=False)

    def filter_due(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(due_condition(value))

    def keep(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(archived_at__isnull=False) if value == "archivees" else rows
