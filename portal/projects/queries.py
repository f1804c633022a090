"""What a client's pages show of projects, read in few queries."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.postgres.aggregates import JSONBAgg
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, JSONObject

from core.access.grants import grants_of
from core.access.roles import Grant
from portal.projects.models import (
    Deliverable,
    Milestone,
    MilestoneComment,
    Project,
    ProjectMember,
    Task,
)
from portal.projects.states import PROJECT_GLYPHS, HandedOver, Step

RUNNING = (Project.Status.PLANNED, Project.Status.ACTIVE, Project.Status.PAUSED)


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
    def next_date(self) -> date | None:
        """Return the date of the next milestone that is not done."""
        days = [row.due_date for row in self.milestones if row.status != Milestone.Status.DONE]
        return min((day for day in days if day), default=None)

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


def with_milestones(projects: QuerySet[Project]) -> QuerySet[Project]:
    """Load what cards show of the milestones of projects, in order, within the same query."""
    facts = JSONObject(id="id", title="title", status="status", due_date="due_date")
    rows = Milestone.objects.filter(project=OuterRef("pk")).order_by("sort_order", "id")
    return projects.annotate(milestone_facts=ArraySubquery(rows.values(facts=facts)))


def cards_of(projects: Iterable[Project]) -> list[ProjectCard]:
    """Return projects read by `with_milestones` as cards."""
    return [ProjectCard(project=row, milestones=_milestones(row)) for row in projects]


def _milestones(project: Project) -> list[Milestone]:
    """Return the milestones of a project, of which cards show the title, the state and the day."""
    return [
        Milestone(
            id=facts["id"],
            client_id=project.client_id,
            project=project,
            title=facts["title"],
            status=facts["status"],
            due_date=date.fromisoformat(facts["due_date"]) if facts["due_date"] else None,
        )
        for facts in project.milestone_facts  # type: ignore[attr-defined]
    ]


def team_of(project: Project) -> list[dict[str, str]]:
    """Return the people of the team shown to the client, read by `with_head`."""
    return [
        {"name": f"{row['first']} {row['last']}".strip(), "part": row["part"] or row["job"]}
        for row in project.team_facts  # type: ignore[attr-defined]
    ]


def with_head(projects: QuerySet[Project], user: Any) -> QuerySet[Project]:
    """Load what the head of a project shows: its visible team, and what waits for the person."""
    team = ProjectMember.objects.visible_to(user).filter(project=OuterRef("pk"))
    facts = JSONObject(
        first="user__first_name",
        last="user__last_name",
        part="part",
        job="user__job_title",
    )
    mine = Task.objects.visible_to(user).filter(project=OuterRef("pk"), assignee=user)
    waiting = mine.exclude(status=Task.Status.DONE).order_by().values("project")
    return projects.annotate(
        team_facts=ArraySubquery(team.order_by("id").values(facts=facts)),
        waiting=Coalesce(Subquery(waiting.annotate(n=Count("pk")).values("n")), 0),
    )


def steps_of(milestones: QuerySet[Milestone], today: date, *first: Any) -> list[Step]:
    """Return milestones in order, with their deliverables and how many words. One query.

    `first` are orders that go before the order of the roadmap.
    """
    facts = JSONObject(
        id="deliverables__id", title="deliverables__title", status="deliverables__status"
    )
    delivered = JSONBAgg(
        facts, filter=Q(deliverables__isnull=False), default=[], order_by="deliverables__id"
    )
    said = MilestoneComment.objects.filter(milestone=OuterRef("pk")).order_by()
    words = said.values("milestone").annotate(n=Count("pk")).values("n")
    rows = milestones.annotate(delivered=delivered, words=Coalesce(Subquery(words), 0))
    return [
        Step(row, today, [HandedOver(**found) for found in row.delivered], row.words)
        for row in rows.order_by(*first, "sort_order", "id")
    ]


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
    rows = MilestoneComment.objects.visible_to(user).select_related(
        "author", "milestone", "project"
    )
    return rows.order_by("-created_at")[:most]
