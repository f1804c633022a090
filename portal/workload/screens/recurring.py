"""The team's screens of tasks that come back."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.admin.ui.tables import Column

from core.audit.log import declare
from core.backoffice import menu
from core.backoffice.actions import RecordAction
from core.backoffice.columns import FrenchDateColumn
from core.backoffice.viewsets import RecordViewSet
from core.hooks import Section
from core.ui.formats import date_full, date_long
from portal.workload.calendar_days import open_days
from portal.workload.models import RecurringTask, RecurringTaskRun
from portal.workload.rhythm import worked_day
from portal.workload.services import recurring as services

declare(
    recurring_task_saved=_("Tâche récurrente enregistrée"),
    recurring_task_paused=_("Tâche récurrente en pause"),
    recurring_task_resumed=_("Tâche récurrente reprise"),
    recurring_task_skipped=_("Passage d’une tâche récurrente sauté"),
)
MOST_RUNS, MOST_COMING = 30, 6


def rhythm_text(rule: RecurringTask) -> str:
    """Say how often it comes back: « tous les 2 semaines »."""
    words = {
        "days": (_text("chaque jour"), _text("tous les %(n)s jours")),
        "weeks": (_text("chaque semaine"), _text("toutes les %(n)s semaines")),
        "months": (_text("chaque mois"), _text("tous les %(n)s mois")),
    }
    one, many = words[rule.unit]
    return one if rule.every == 1 else many % {"n": rule.every}


class PauseRule(RecordAction):
    name = "pause"
    label = _("Mettre en pause")
    icon_name = "cross"
    permission = "change"
    question = _("Rien ne sera créé jusqu’à la reprise.")
    success = _("La tâche récurrente est en pause.")

    def perform(self, record: RecurringTask, actor: Any) -> None:
        services.pause_rule(rule=record, actor=actor, at=timezone.now())

    @classmethod
    def is_offered(cls, record: RecurringTask) -> bool:
        return record.paused_at is None


class ResumeRule(RecordAction):
    name = "reprendre"
    label = _("Reprendre")
    icon_name = "resubmit"
    permission = "change"
    question = _("Les passages tombés pendant la pause ne seront pas créés.")
    success = _("La tâche récurrente a repris.")

    def perform(self, record: RecurringTask, actor: Any) -> None:
        services.resume_rule(rule=record, actor=actor, at=timezone.now())

    @classmethod
    def is_offered(cls, record: RecurringTask) -> bool:
        return record.paused_at is not None


class SkipNext(RecordAction):
    name = "sauter"
    label = _("Sauter le prochain passage")
    icon_name = "arrow-right"
    permission = "change"
    question = _("Le prochain passage ne créera pas de tâche ; les suivants, oui.")
    success = _("Le prochain passage est sauté.")

    def perform(self, record: RecurringTask, actor: Any) -> None:
        services.skip_next(rule=record, actor=actor, at=timezone.now())

    @classmethod
    def is_offered(cls, record: RecurringTask) -> bool:
        return record.paused_at is None


class RecurringTaskViewSet(RecordViewSet):
    """Rules of tasks that come back, and what each made."""

    model = RecurringTask
    icon = "rotate"
    menu_label = _("Tâches récurrentes")
    add_label = _("Nouvelle tâche récurrente")
    ordering = "title"
    list_display = [
        "title",
        Column("project", label=_("Projet")),
        Column("rhythm", label=_("Rythme"), accessor=rhythm_text),
        Column("assignee", label=_("Assignée à")),
        FrenchDateColumn("starts_on", label=_("Depuis")),
        Column(
            "state",
            label=_("État"),
            accessor=lambda rule: _text("En pause") if rule.paused_at else _text("Active"),
        ),
    ]
    search_fields = ["title", "project__title"]
    list_export = ["title", "project", "every", "unit", "assignee", "starts_on", "ends_on"]
    export_filename = "taches-recurrentes"
    inspect_view_fields = [
        "title", "project", "assignee", "priority", "estimate", "is_shared", "every", "unit",
        "starts_on", "ends_on", "due_after", "skips_days_off", "paused_at", "body",
    ]  # fmt: skip
    actions = (SkipNext, PauseRule, ResumeRule)
    panels = [
        FieldPanel("title"),
        FieldPanel("project"),
        FieldRowPanel([FieldPanel("assignee"), FieldPanel("priority"), FieldPanel("estimate")]),
        FieldRowPanel([FieldPanel("every"), FieldPanel("unit"), FieldPanel("due_after")]),
        FieldRowPanel(
            [
                FieldPanel("on_monday"),
                FieldPanel("on_tuesday"),
                FieldPanel("on_wednesday"),
                FieldPanel("on_thursday"),
                FieldPanel("on_friday"),
                FieldPanel("on_saturday"),
                FieldPanel("on_sunday"),
            ],
            heading=_("Les semaines, quels jours"),
        ),
        FieldRowPanel([FieldPanel("starts_on"), FieldPanel("ends_on")]),
        FieldRowPanel([FieldPanel("skips_days_off"), FieldPanel("is_shared")]),
        FieldPanel("body"),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[RecurringTask]:
        return RecurringTask.objects.select_related("project", "assignee")

    def new_record(self, request: HttpRequest) -> RecurringTask:
        return RecurringTask(starts_on=timezone.localdate())

    def saved(self, record: RecurringTask, *, actor: object, is_new: bool) -> None:
        services.note_rule(rule=record, actor=actor, is_new=is_new)

    def inspect_value(self, record: RecurringTask, name: str) -> Any:
        return rhythm_text(record) if name == "unit" else None

    def sections(self, record: RecurringTask, request: HttpRequest) -> list[Section]:
        return [_coming(record), _made(record)]


def _coming(rule: RecurringTask) -> Section:
    is_open, rows = open_days(), []
    for day in services.coming_days(rule, MOST_COMING):
        real = worked_day(day, is_open) if rule.skips_days_off else day
        moved = _text("reporté du %(day)s") % {"day": date_long(day)} if real != day else ""
        rows.append((date_full(real), moved))
    return Section(
        title=_("Prochains passages"),
        headings=(_("Jour"), _("Remarque")),
        rows=[] if rule.paused_at else rows,
        empty=_("En pause : rien ne sera créé.") if rule.paused_at else _("Elle ne revient plus."),
        order=10,
    )


def _made(rule: RecurringTask) -> Section:
    runs = RecurringTaskRun.objects.filter(rule=rule).select_related("task", "actor")
    return Section(
        title=_("Passages"),
        headings=(_("Jour"), _("Tâche"), _("Par")),
        rows=[
            (date_long(run.on), _outcome(run), run.actor or _text("Automatique"))
            for run in runs.order_by("-on")[:MOST_RUNS]
        ],
        empty=_("Rien n’est encore créé."),
        order=20,
    )


def _outcome(run: RecurringTaskRun) -> Any:
    if run.is_skipped:
        return _text("Sauté")
    if run.task is None:
        return _text("Tâche supprimée")
    url = reverse("wagtailsnippets_projects_task:inspect", args=[run.task_id])
    return format_html('<a href="{}">{}</a>', url, run.task)


menu.add("taches", RecurringTaskViewSet, order=30)
