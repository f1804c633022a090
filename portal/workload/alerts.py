"""What the home page shows of tasks: alerts, figures, and what the search finds."""

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import Any

from django.db.models import Count
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from core.backoffice.search import search
from core.hooks import Alert, Alerts, SearchHit, SearchSource, TeamFigure
from core.kept import kept
from core.ui.formats import days_until
from portal.projects.models import Task
from portal.workload.durations import duration_text
from portal.workload.models import ColumnLimit, RunningTimer
from portal.workload.reading import read_load
from portal.workload.services.timers import rules

GROUP = "taches"
SECONDS_KEPT = 60  # what takes several questions is not asked again within a minute
TASKS = "wagtailsnippets_projects_task:list"
PAGE = "wagtailsnippets_projects_task:inspect"


def late_tasks() -> Any:
    """Return open tasks whose day has passed."""
    rows = Task.objects.filter(due_date__lt=timezone.localdate(), archived_at=None)
    return rows.exclude(status=Task.Status.DONE)


@hooks.register("nourx_team_alerts")
def task_alerts(request: HttpRequest) -> Iterator[Alerts]:
    """Late tasks, full columns, overloaded people, timers forgotten."""
    if not request.user.has_perm("projects.view_task"):
        return
    yield Alerts(
        kind="task-late",
        label=_("Tâches en retard"),
        url=f"{reverse(TASKS)}?echeance=retard",
        rows=_late_rows,
        total=late_tasks(),
        order=20,
    )
    yield from _some(
        "full",
        _full_columns,
        kind="column-over",
        label=_("Colonnes trop pleines"),
        url=reverse("tasks_board"),
        order=40,
    )
    yield from _some(
        "over",
        _overloads,
        kind="overload",
        label=_("Surcharges cette semaine"),
        url=reverse("team_load"),
        order=45,
    )
    yield from _some(
        "forgotten",
        _forgotten,
        kind="timer-forgotten",
        label=_("Chronomètres oubliés"),
        url=reverse("time_timer"),
        order=60,
    )


def _some(key: str, read: Callable[[], list[Any]], **said: Any) -> Iterator[Alerts]:
    """Give one kind of alert, when there is any: its rows are asked for once a minute."""
    rows = kept(f"workload:{key}", SECONDS_KEPT, read)
    if rows:
        yield Alerts(rows=lambda most: rows[:most], total=len(rows), **said)


@hooks.register("nourx_team_figures")
def task_figures(request: HttpRequest) -> Iterator[TeamFigure]:
    """How many tasks are late, for today, and the person’s own."""
    user = request.user
    if not user.has_perm("projects.view_task"):
        return
    open_tasks = Task.objects.filter(archived_at=None).exclude(status=Task.Status.DONE)
    address = reverse(TASKS)
    yield TeamFigure(
        label=_("Tâches en retard"),
        value=late_tasks(),
        url=f"{address}?echeance=retard",
        order=30,
        tone="bad",
        group=GROUP,
    )
    yield TeamFigure(
        label=_("Tâches pour aujourd’hui"),
        value=open_tasks.filter(due_date=timezone.localdate()),
        url=f"{address}?echeance=jour",
        order=31,
        group=GROUP,
    )
    yield TeamFigure(
        label=_("Mes tâches ouvertes"),
        value=open_tasks.filter(assignee=user),
        url=f"{address}?qui=moi",
        order=32,
        group=GROUP,
    )


@hooks.register("nourx_search_sources")
def task_source(request: HttpRequest) -> list[SearchSource]:
    """Tasks, by the words of their title and description."""
    if not request.user.has_perm("projects.view_task"):
        return []
    return [
        SearchSource(
            key=GROUP,
            label=_("Tâches"),
            icon="tasks",
            find=find_tasks,
            url=reverse(TASKS),
            order=30,
        )
    ]


def find_tasks(text: str, most: int) -> Sequence[SearchHit]:
    """Return the open tasks that say some words, then the others. One query."""
    rows = search(Task.objects.filter(archived_at=None), text, ["search_norm"])
    rows = rows.select_related("project").only("title", "status", "project__title")
    return [
        SearchHit(
            title=task.title,
            detail=f"{task.project.title} · {task.get_status_display()}",
            url=reverse(PAGE, args=[task.pk]),
        )
        for task in rows.order_by("-pk")[:most]
    ]


def _late_rows(most: int) -> list[Alert]:
    today = timezone.localdate()
    rows = late_tasks().select_related("project", "assignee")
    rows = rows.only(
        "title", "due_date", "priority", "client_id", "project__title", "assignee__first_name",
        "assignee__last_name", "assignee__email",
    )  # fmt: skip
    return [
        Alert(
            key=f"task-late:{task.pk}",
            group=GROUP,
            title=task.title,
            detail=f"{task.project.title} · {task.assignee or _text('à personne')} · "
            f"{days_until(task.due_date, today)}",
            url=reverse(PAGE, args=[task.pk]),
            weight=70 if task.priority == Task.Priority.HIGH else 55,
            tone="bad",
            since=task.due_date,
            client_id=task.client_id,
            project_id=task.project_id,
        )
        for task in rows.order_by("due_date", "pk")[:most]
        if task.due_date is not None
    ]


def _full_columns() -> list[Alert]:
    """Return the columns that hold more than they should. Two queries."""
    limits = list(ColumnLimit.objects.select_related("project"))
    if not limits:
        return []
    counted = Task.objects.filter(archived_at=None, status__in={one.status for one in limits})
    rows = counted.order_by().values_list("status", "project").annotate(many=Count("pk"))
    totals: dict[tuple[str, int | None], int] = {}
    for status, project, many in rows:
        totals[status, project] = many
        totals[status, None] = totals.get((status, None), 0) + many
    found = [(one, totals.get((one.status, one.project_id), 0)) for one in limits]
    return [_column_alert(one, many) for one, many in found if many > one.most]


def _column_alert(limit: ColumnLimit, many: int) -> Alert:
    asked = f"?project={limit.project_id}" if limit.project_id else ""
    text = _text("%(many)s tâches pour %(most)s au plus")
    return Alert(
        key=f"column-over:{limit.pk}",
        group=GROUP,
        title=_text("Colonne « %(column)s » trop pleine") % {"column": limit.get_status_display()},
        detail=f"{limit.project or _text('Tous les projets')} · "
        f"{text % {'many': many, 'most': limit.most}}",
        url=f"{reverse('tasks_board')}{asked}",
        weight=50,
        project_id=limit.project_id,
    )


def _overloads() -> list[Alert]:
    """Return who has more than they can do this week. Six queries."""
    today = timezone.localdate()
    found = read_load(today, 1)
    week = found.weeks[0]
    return [
        Alert(
            key=f"overload:{one.pk}:{week.isoformat()}",
            group=GROUP,
            title=_text("%(person)s est en surcharge") % {"person": one},
            detail=_text("%(planned)s prévues pour %(capacity)s cette semaine")
            % {
                "planned": duration_text(found.loads[one.pk, week].planned),
                "capacity": duration_text(found.loads[one.pk, week].capacity),
            },
            url=f"{reverse('team_load')}?personne={one.pk}&semaine={week.isoformat()}",
            weight=60,
            since=week,
        )
        for one in found.over(week)
    ]


def _forgotten() -> list[Alert]:
    """Return the timers that have run for too long without a pause. Two queries."""
    at, kept = timezone.now(), rules()
    before = at - timedelta(hours=kept.longest_hours)
    rows = RunningTimer.objects.filter(resumed_at__lt=before).select_related(
        "user", "task", "project"
    )
    return [
        Alert(
            key=f"timer-forgotten:{timer.pk}",
            group=GROUP,
            title=_text("Chronomètre oublié de %(person)s") % {"person": timer.user},
            detail=f"{timer} · {duration_text(timer.seconds(at) // 60)}",
            url=reverse("time_timer"),
            weight=45,
            client_id=timer.client_id,
            project_id=timer.project_id,
        )
        for timer in rows.order_by("resumed_at")[:20]
    ]
