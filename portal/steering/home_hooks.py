"""What projects add to the team's home page: figures, and what to look at today."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from django.db.models import Avg
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from core.backoffice.search import search
from core.hooks import Alert, Alerts, HealthSign, SearchHit, SearchSource, TeamFigure
from core.kept import kept
from core.ui.formats import days_until, percent
from portal.projects import standing
from portal.projects.models import Milestone, Project
from portal.steering.models import ProgressReport
from portal.steering.reading import dangers

READ, GROUP = "projects.view_project", "projets"
Status = Project.Status
SECONDS_KEPT = 60


def _mean_progress() -> float | None:
    active = Project.objects.filter(status=Status.ACTIVE)
    return active.aggregate(mean=Avg("progress"))["mean"]


def _list(model: str, app: str = "projects") -> str:
    return reverse(f"wagtailsnippets_{app}_{model}:list")


def _page(model: str, pk: int, app: str = "projects") -> str:
    return reverse(f"wagtailsnippets_{app}_{model}:inspect", args=[pk])


@hooks.register("nourx_team_figures")
def figures_of_projects(request: HttpRequest) -> Iterator[TeamFigure]:
    """Count the projects of each state, each figure leading to them, and say how far they are."""
    if not request.user.has_perm(READ):
        return
    address = _list("project")
    states: tuple[tuple[Any, tuple[str, ...]], ...] = (
        (_("Projets en cours"), (Status.ACTIVE,)),
        (_("Projets en pause"), (Status.PAUSED,)),
        (_("Projets terminés"), (Status.DELIVERED, Status.ARCHIVED)),
    )
    for order, (label, statuses) in enumerate(states, start=30):
        words = "&".join(f"status={status}" for status in statuses)
        yield TeamFigure(
            label=label,
            value=Project.objects.filter(status__in=statuses),
            url=f"{address}?{words}",
            order=order,
            group=GROUP,
            kept=True,
        )
    mean = kept("projects:progress", SECONDS_KEPT, _mean_progress)
    if mean is not None:
        yield TeamFigure(
            label=_("Avancement moyen"),
            value=percent(round(mean)),
            url=f"{address}?status={Status.ACTIVE}",
            order=33,
            hint=_("des projets en cours"),
            group=GROUP,
        )


@hooks.register("nourx_team_figures")
def reports_to_read(request: HttpRequest) -> Iterator[TeamFigure]:
    """Count the progress reports that wait to be read."""
    if request.user.has_perm("steering.view_progressreport"):
        yield TeamFigure(
            label=_("Rapports à relire"),
            value=ProgressReport.objects.filter(status=ProgressReport.Status.DRAFT),
            url=_list("progressreport", "steering") + f"?status={ProgressReport.Status.DRAFT}",
            order=34,
            tone="warn",
            group=GROUP,
        )


@hooks.register("nourx_team_alerts")
def alerts_of_projects(request: HttpRequest) -> Iterator[Alerts]:
    """Say which milestones are late or may be, which projects are over budget or silent."""
    if not request.user.has_perm(READ):
        return
    at, today = timezone.now(), timezone.localdate()
    yield Alerts(
        kind="milestone-late",
        label=_("Jalons en retard"),
        url=_list("milestone") + "?situation=retard",
        rows=partial(_late, today),
        total=standing.late_milestones(today),
        order=30,
    )
    yield Alerts(
        kind="milestone-risk",
        label=_("Jalons à risque"),
        url=_list("milestone") + "?situation=risque",
        rows=partial(_doubtful, today),
        total=standing.milestones_at_risk(today),
        order=31,
    )
    over = kept("projects:over-budget", SECONDS_KEPT, dangers.over_budget)
    yield Alerts(
        kind="project-budget",
        label=_("Budgets dépassés"),
        url=reverse("projects_reporting") + "?etat=budget",
        rows=lambda most: _over(over[:most]),
        total=len(over),
        order=32,
    )
    yield Alerts(
        kind="project-silent",
        label=_("Projets sans activité"),
        url=_list("project") + "?situation=silence",
        rows=partial(_silent, at, today),
        total=standing.silent_projects(at, today),
        order=33,
    )


def _late(today: Any, most: int) -> list[Alert]:
    rows = standing.late_milestones(today)
    return [_of_milestone("milestone-late", row, today, 75, "bad") for row in _facts(rows, most)]


def _doubtful(today: Any, most: int) -> list[Alert]:
    rows = standing.milestones_at_risk(today)
    return [_of_milestone("milestone-risk", row, today, 55, "warn") for row in _facts(rows, most)]


def _facts(rows: Any, most: int) -> Any:
    found = rows.select_related("project", "client").order_by("due_date", "id")
    return found.only("title", "due_date", "project__title", "client__name")[:most]


def _of_milestone(kind: str, row: Milestone, today: Any, weight: int, tone: str) -> Alert:
    return Alert(
        key=f"{kind}:{row.pk}",
        group=GROUP,
        title=row.title,
        detail=f"{row.project.title} · {days_until(row.due_date, today)}",
        url=_page("milestone", row.pk),
        weight=weight,
        tone=tone,
        since=row.due_date,
        client_id=row.client_id,
        project_id=row.project_id,
    )


def _over(pairs: Sequence[tuple[int, Any]]) -> list[Alert]:
    rows = Project.objects.select_related("client").only("title", "client__name")
    found = rows.in_bulk([pk for pk, _budget in pairs])
    return [
        Alert(
            key=f"project-budget:{pk}",
            group=GROUP,
            title=found[pk].title,
            detail=_text("%(share)s du budget utilisé") % {"share": percent(budget.used or 0)},
            url=_page("project", pk),
            weight=70,
            tone="bad",
            client_id=found[pk].client_id,
            project_id=pk,
        )
        for pk, budget in pairs
        if pk in found
    ]


def _silent(at: Any, today: Any, most: int) -> list[Alert]:
    rows = standing.silent_projects(at, today).select_related("client")
    return [
        Alert(
            key=f"project-silent:{row.pk}",
            group=GROUP,
            title=row.title,
            detail=_text("%(client)s · rien depuis 14 jours") % {"client": row.client.name},
            url=_page("project", row.pk),
            weight=40,
            client_id=row.client_id,
            project_id=row.pk,
        )
        for row in rows.only("title", "client__name").order_by("updated_at")[:most]
    ]


@hooks.register("nourx_search_sources")
def projects_found(request: HttpRequest) -> Iterator[SearchSource]:
    """Let the search of the back-office look into projects and milestones."""
    if request.user.has_perm(READ):
        yield SearchSource(
            key="projects",
            label=_("Projets"),
            icon="folder-open-inverse",
            find=partial(_find, Project, "project"),
            url=_list("project"),
            order=20,
        )
    if request.user.has_perm("projects.view_milestone"):
        yield SearchSource(
            key="milestones",
            label=_("Jalons"),
            icon="calendar-check",
            find=partial(_find, Milestone, "milestone"),
            url=_list("milestone"),
            order=25,
        )


def _find(model: Any, name: str, text: str, most: int) -> list[SearchHit]:
    rows = search(model.objects.all(), text, ("search_vector",)).select_related("client")
    facts = rows.only("title", "status", "client__name").order_by("-pk")
    return [
        SearchHit(
            title=row.title,
            detail=f"{row.client.name} · {row.get_status_display()}",
            url=_page(name, row.pk),
        )
        for row in facts[:most]
    ]


@hooks.register("nourx_health_signs")
def signs_of_projects(client_ids: Sequence[int], on: Any) -> Iterator[HealthSign]:
    """Tell of clients whose projects keep to their dates; late ones are told elsewhere."""
    late = standing.late_milestones(on).filter(client__in=client_ids)
    running = Project.objects.filter(client__in=client_ids, status=Status.ACTIVE)
    for client_id in (
        running.exclude(client__in=late.values("client"))
        .values_list("client_id", flat=True)
        .distinct()
    ):
        yield HealthSign(
            client_id=client_id, points=5, text=_text("Projets en cours sans jalon en retard")
        )
