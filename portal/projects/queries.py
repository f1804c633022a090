"""What a client's pages show of projects, read in few queries."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.postgres.aggregates import JSONBAgg
from django.db.models import Count, Prefetch, Q, QuerySet
from django.db.models.functions import JSONObject

from core.access.grants import grants_of
from core.access.roles import Grant
from portal.projects.models import Deliverable, Milestone, MilestoneComment, Project

RUNNING = (Project.Status.PLANNED, Project.Status.ACTIVE, Project.Status.PAUSED)
GLYPHS: dict[str, tuple[str, str]] = {
    Milestone.Status.UPCOMING: ("todo", ""),
    Milestone.Status.ACTIVE: ("half", "now"),
    Milestone.Status.REVIEW: ("review", "now"),
    Milestone.Status.DONE: ("done", ""),
}
PROJECT_GLYPHS: dict[str, tuple[str, str]] = {
    Project.Status.PLANNED: ("todo", ""),
    Project.Status.ACTIVE: ("half", "now"),
    Project.Status.PAUSED: ("pause", ""),
    Project.Status.DELIVERED: ("done", "ok"),
    Project.Status.ARCHIVED: ("archive", ""),
}
DELIVERABLE_GLYPHS: dict[str, tuple[str, str]] = {
    Deliverable.Status.PLANNED: ("todo", ""),
    Deliverable.Status.SUBMITTED: ("review", "now"),
    Deliverable.Status.APPROVED: ("done", ""),
    Deliverable.Status.REFUSED: ("cancel", "bad"),
}


@dataclass(frozen=True)
class Step:
    """A milestone as the thread shows it, with its deliverables."""

    milestone: Milestone
    glyph: str
    tone: str
    deliverables: list[dict[str, Any]]


@dataclass(frozen=True)
class ProjectCard:
    """A project as its card shows it: where it stands among its milestones."""

    project: Project
    milestones: list[Milestone]

    @property
    def glyph(self) -> str:
        return PROJECT_GLYPHS[self.project.status][0]

    @property
    def tone(self) -> str:
        return PROJECT_GLYPHS[self.project.status][1]

    @property
    def done(self) -> int:
        return sum(row.status == Milestone.Status.DONE for row in self.milestones)

    @property
    def current(self) -> Milestone | None:
        """Return the first milestone that is not done."""
        return next((row for row in self.milestones if row.status != Milestone.Status.DONE), None)

    @property
    def rank(self) -> int:
        return self.milestones.index(self.current) + 1 if self.current else len(self.milestones)

    @property
    def segments(self) -> list[dict[str, Any]]:
        """Return one segment per milestone: done, now (half filled) or to come."""
        return [_segment(row) for row in self.milestones]


def _segment(milestone: Milestone) -> dict[str, Any]:
    if milestone.status == Milestone.Status.DONE:
        return {"state": "done"}
    if milestone.status == Milestone.Status.REVIEW:
        return {"state": "now", "percent": 80}
    if milestone.status == Milestone.Status.ACTIVE:
        return {"state": "now", "percent": 40}
    return {}


def cards_of(projects: QuerySet[Project]) -> list[ProjectCard]:
    """Return projects as cards, with their milestones in order. Two queries."""
    milestones = Milestone.objects.order_by("sort_order", "id")
    rows = projects.prefetch_related(Prefetch("milestones", queryset=milestones))
    return [ProjectCard(project=row, milestones=list(row.milestones.all())) for row in rows]


def steps_of(project: Project) -> list[Step]:
    """Return the milestones of a project in order, with their deliverables. One query."""
    facts = JSONObject(
        id="deliverables__id", title="deliverables__title", status="deliverables__status"
    )
    delivered = JSONBAgg(
        facts, filter=Q(deliverables__isnull=False), default=[], order_by="deliverables__id"
    )
    rows = project.milestones.annotate(delivered=delivered).order_by("sort_order", "id")
    return [
        Step(row, *GLYPHS[row.status], [_deliverable(facts) for facts in row.delivered])
        for row in rows
    ]


def _deliverable(facts: dict[str, Any]) -> dict[str, Any]:
    status = Deliverable.Status(facts["status"])
    glyph, tone = DELIVERABLE_GLYPHS[status]
    return {
        "title": facts["title"],
        "label": status.label,
        "glyph": glyph,
        "tone": tone,
        "waits": status == Deliverable.Status.SUBMITTED,
    }


def follows_projects(user: Any) -> bool:
    """Tell whether the person follows all projects of a client, or some."""
    grants = grants_of(user)
    return bool(grants.clients_with(Grant.VIEW_PROJECTS) or grants.projects)


def running_projects(user: Any) -> QuerySet[Project]:
    """Return the person's projects that are not over, the next to be delivered first."""
    rows = Project.objects.visible_to(user).filter(status__in=RUNNING)
    return rows.order_by("due_date", "id")


def project_counts(user: Any) -> dict[str, int]:
    """Return how many projects run and how many are over."""
    return Project.objects.visible_to(user).aggregate(
        running=Count("id", filter=Q(status__in=RUNNING)),
        over=Count("id", filter=~Q(status__in=RUNNING)),
    )


def submitted_deliverables(user: Any) -> QuerySet[Deliverable]:
    """Return the deliverables that wait for the client's approval."""
    rows = Deliverable.objects.visible_to(user).filter(status=Deliverable.Status.SUBMITTED)
    return rows.select_related("project", "milestone").order_by("id")


def next_milestones(
    cards: list[ProjectCard], today: date, most: int = 4
) -> list[tuple[Project, Milestone]]:
    """Return the next dated milestones of running projects, soonest first. No query."""
    rows = [
        (card.project, row)
        for card in cards
        for row in card.milestones
        if row.due_date and row.due_date >= today and row.status != Milestone.Status.DONE
    ]
    return sorted(rows, key=lambda row: (row[1].due_date, row[1].pk))[:most]


def latest_comments(user: Any, most: int = 4) -> QuerySet[MilestoneComment]:
    """Return the latest words on the person's milestones."""
    rows = MilestoneComment.objects.visible_to(user).select_related("author", "milestone")
    return rows.order_by("-created_at")[:most]
