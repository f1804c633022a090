"""What a client's pages show of projects, read in few queries."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet

from portal.projects.models import Deliverable, Milestone, MilestoneComment, Project, Task

RUNNING = (Project.Status.PLANNED, Project.Status.ACTIVE, Project.Status.PAUSED)
GLYPHS = {
    Milestone.Status.UPCOMING: ("todo", ""),
    Milestone.Status.ACTIVE: ("half", "now"),
    Milestone.Status.REVIEW: ("review", "now"),
    Milestone.Status.DONE: ("done", ""),
}
PROJECT_GLYPHS = {
    Project.Status.PLANNED: ("todo", ""),
    Project.Status.ACTIVE: ("half", "now"),
    Project.Status.PAUSED: ("pause", ""),
    Project.Status.DELIVERED: ("done", "ok"),
    Project.Status.ARCHIVED: ("archive", ""),
}
TASK_GLYPHS = {
    Task.Status.TODO: ("todo", ""),
    Task.Status.DOING: ("half", "now"),
    Task.Status.REVIEW: ("review", "now"),
    Task.Status.DONE: ("done", ""),
}


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


def open_tasks_of(user: Any) -> QuerySet[Task]:
    """Return the tasks that wait for the person, the most pressing first."""
    rows = Task.objects.visible_to(user).filter(assignee=user)
    return (
        rows.exclude(status=Task.Status.DONE)
        .select_related("project")
        .order_by("due_date", "-priority", "id")
    )


def submitted_deliverables(user: Any) -> QuerySet[Deliverable]:
    """Return the deliverables that wait for the client's approval."""
    rows = Deliverable.objects.visible_to(user).filter(status=Deliverable.Status.SUBMITTED)
    return rows.select_related("project", "milestone").order_by("id")


def next_milestones(user: Any, today: date, most: int = 4) -> QuerySet[Milestone]:
    """Return the next dated milestones of the person's running projects."""
    rows = Milestone.objects.visible_to(user).filter(
        due_date__gte=today, project__status__in=RUNNING
    )
    rows = rows.exclude(status=Milestone.Status.DONE).select_related("project")
    return rows.order_by("due_date", "id")[:most]


def latest_comments(user: Any, most: int = 4) -> QuerySet[MilestoneComment]:
    """Return the latest words on the person's milestones."""
    rows = MilestoneComment.objects.visible_to(user).select_related("author", "milestone")
    return rows.order_by("-created_at")[:most]
