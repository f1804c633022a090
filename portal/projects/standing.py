"""Where projects and milestones stand on a day: late, at risk, behind, silent."""

from datetime import date, datetime, timedelta

from django.db.models import (
    DateField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Value,
)
from django.db.models.lookups import GreaterThanOrEqual

from portal.projects.models import Milestone, MilestoneComment, Project, Task, TimeEntry
from portal.projects.queries import RUNNING

SOON = timedelta(days=7)  # a milestone due within these days is looked at closely
SLACK = 15  # points of progress that a project may be behind its calendar
SILENT = timedelta(days=14)


def is_late(project: Project, today: date) -> bool:
    """Tell whether a project that runs has passed its day of delivery."""
    return project.status in RUNNING and project.due_date is not None and project.due_date < today


def expected_progress(start: date | None, due: date | None, today: date) -> int | None:
    """Return how far the calendar says that a project should be, in percent; None without dates."""
    if start is None or due is None or due <= start:
        return None
    done = (min(max(today, start), due) - start).days
    return done * 100 // (due - start).days


def is_behind(project: Project, today: date) -> bool:
    """Tell whether a project is well behind what its calendar says."""
    expected = expected_progress(project.start_date, project.due_date, today)
    return (
        project.status == Project.Status.ACTIVE
        and expected is not None
        and project.progress + SLACK < expected
    )


def behind(today: date, path: str = "") -> Q:
    """Return the condition for `is_behind`, given the path to the project."""
    gone = ExpressionWrapper(
        (Value(today, DateField()) - F(f"{path}start_date")) * 100, DurationField()
    )
    meant = ExpressionWrapper(
        (F(f"{path}due_date") - F(f"{path}start_date")) * (F(f"{path}progress") + SLACK + 1),
        DurationField(),
    )
    return Q(
        **{
            f"{path}status": Project.Status.ACTIVE,
            f"{path}start_date__lt": F(f"{path}due_date"),
            f"{path}progress__lt": 100 - SLACK,
        }
    ) & (Q(GreaterThanOrEqual(gone, meant)) | Q(**{f"{path}due_date__lt": today}))


def open_milestones() -> QuerySet[Milestone]:
    """Return the milestones to be done of projects that are under way."""
    rows = Milestone.objects.filter(project__status=Project.Status.ACTIVE)
    return rows.exclude(status=Milestone.Status.DONE)


def late_milestones(today: date) -> QuerySet[Milestone]:
    """Return the milestones of running projects that should be done by now."""
    return open_milestones().filter(due_date__lt=today)


def milestones_at_risk(today: date) -> QuerySet[Milestone]:
    """Return the milestones due within seven days that may well not be done in time.

    One of these: tasks of it are not done, it has not begun, or its project is behind.
    """
    undone = Task.objects.filter(milestone=OuterRef("pk"), archived_at=None)
    doubtful = (
        Exists(undone.exclude(status=Task.Status.DONE))
        | Q(status=Milestone.Status.UPCOMING)
        | behind(today, "project__")
    )
    return open_milestones().filter(doubtful, due_date__gte=today, due_date__lte=today + SOON)


def late_projects(rows: QuerySet[Project], today: date) -> QuerySet[Project]:
    """Keep the running projects whose day of delivery has passed."""
    return rows.filter(status__in=RUNNING, due_date__lt=today)


def silent_projects(at: datetime, today: date) -> QuerySet[Project]:
    """Return the projects under way of which nothing moved for fourteen days."""
    since, day = at - SILENT, today - SILENT
    moved = (
        Task.objects.filter(project=OuterRef("pk"), updated_at__gte=since),
        MilestoneComment.objects.filter(project=OuterRef("pk"), created_at__gte=since),
        TimeEntry.objects.filter(project=OuterRef("pk"), spent_on__gte=day),
        Milestone.objects.filter(project=OuterRef("pk"), done_at__gte=since),
    )
    rows = Project.objects.filter(status=Project.Status.ACTIVE, updated_at__lt=since)
    for found in moved:
        rows = rows.filter(~Exists(found))
    return rows
