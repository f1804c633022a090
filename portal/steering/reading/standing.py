"""Where projects and milestones stand on a day: late, at risk, silent, over their budget."""

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
from django.db.models.functions import Coalesce
from django.db.models.lookups import GreaterThanOrEqual

from core.hooks import hour_rates
from portal.projects.models import Milestone, MilestoneComment, Project, Task, TimeEntry
from portal.projects.queries import RUNNING
from portal.steering.models import Risk
from portal.steering.models.projects import SERIOUS
from portal.steering.reading.spending import HOUR, Budget, spending, summed

SOON = timedelta(days=7)  # a milestone due within these days is looked at closely
SLACK = 15  # points of progress that a project may be behind its calendar
SILENT = timedelta(days=14)
MOST_OVER = 500


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


def serious_risks() -> QuerySet[Risk]:
    """Return the open risks that are likely and grave."""
    rows = Risk.objects.exclude(status=Risk.Status.CLOSED)
    return rows.filter(score__gte=SERIOUS)


def late_projects(rows: QuerySet[Project], today: date) -> QuerySet[Project]:
    """Keep the running projects whose day of delivery has passed."""
    return rows.filter(status__in=RUNNING, due_date__lt=today)


def projects_at_risk(rows: QuerySet[Project], today: date) -> QuerySet[Project]:
    """Keep the projects under way with a late or doubtful milestone, or a serious risk."""
    return rows.filter(
        Q(Exists(late_milestones(today).filter(project=OuterRef("pk"))))
        | Q(Exists(milestones_at_risk(today).filter(project=OuterRef("pk"))))
        | Q(Exists(serious_risks().filter(project=OuterRef("pk")))),
        status=Project.Status.ACTIVE,
    )


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


def over_budget() -> list[tuple[int, Budget]]:
    """Return the projects under way that spent more than their budget holds, worst first.

    One query, and that of the rates. Projects without a budget are left out.
    """
    entries = TimeEntry.objects.filter(
        Q(project__budget__gt=0) | Q(project__budget_hours__gt=0),
        project__status__in=(Project.Status.ACTIVE, Project.Status.PAUSED),
    )
    held = Coalesce(F("project__budget_hours") * HOUR, Value(0))
    rows = summed(entries, hour_rates()).values(
        "project_id", "all_minutes", "all_costs", "rated", "project__budget",
        "project__budget_hours",
    )  # fmt: skip
    spent = F("all_costs") * HOUR + F("rated")
    exceeded = Q(
        project__budget__gt=0, rated__gt=F("project__budget") * HOUR - F("all_costs") * HOUR
    )
    too_long = Q(project__budget_hours__gt=0, all_minutes__gt=held)
    found = rows.annotate(spent=spent).filter(exceeded | too_long).order_by("-spent")[:MOST_OVER]
    pairs = [
        (
            row["project_id"],
            Budget(row["project__budget"], row["project__budget_hours"], spending(row)),
        )
        for row in found
    ]
    return sorted(pairs, key=lambda pair: -(pair[1].used or 0))
