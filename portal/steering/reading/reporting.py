"""The figures of many projects over a period: fixed queries, however many projects."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import TruncDate, TruncMonth

from core.hooks import billed_of_projects
from portal.projects import standing
from portal.projects.feedback_queries import Nps, nps
from portal.projects.models import Milestone, Project, TimeEntry
from portal.steering.reading import dangers
from portal.steering.reading.spending import Budget, Spending, budgets_of, share, spending_of

MOST_PROJECTS = 2000  # beyond, the page says that it holds the first of them
DAY = timedelta(days=1)
LATE, AT_RISK, OVER_BUDGET = "retard", "risque", "budget"


@dataclass(frozen=True)
class Question:
    """What the page is about: two days, both included, and which projects."""

    first: date
    last: date
    client: int | None = None
    lead: int | None = None
    status: str = ""
    state: str = ""

    def projects(self, today: date) -> QuerySet[Project]:
        """Return the projects that had begun by the end of the period and not ended before it."""
        rows: QuerySet[Project] = Project.objects.filter(
            Q(start_date=None) | Q(start_date__lte=self.last),
            Q(delivered_at=None) | Q(delivered_at__date__gte=self.first),
        )
        if self.client:
            rows = rows.filter(client=self.client)
        if self.lead:
            rows = rows.filter(lead=self.lead)
        if self.status:
            rows = rows.filter(status=self.status)
        if self.state == LATE:
            rows = standing.late_projects(rows, today)
        if self.state == AT_RISK:
            rows = dangers.projects_at_risk(rows, today)
        if self.state == OVER_BUDGET:
            rows = rows.filter(pk__in=[pk for pk, _budget in dangers.over_budget()])
        return rows


@dataclass(frozen=True)
class Punctuality:
    """Milestones that should be done by now: how many were done by their day, and how many not."""

    on_time: int = 0
    due: int = 0

    @property
    def rate(self) -> int | None:
        """Return the share kept, in percent, half up; None when nothing was due."""
        return share(self.on_time, self.due)


@dataclass(frozen=True)
class Line:
    """A project over the period; money in minor units of its currency, before tax."""

    project: Project
    budget: Budget  # since its start
    spent: Spending  # of the period
    billed: int  # since its start, less credits
    billed_now: int  # of the period
    late: int
    milestones: Punctuality  # of the period

    @property
    def margin(self) -> int:
        """Return what was billed less what was spent, since the start."""
        return self.billed - self.budget.spending.total


@dataclass(frozen=True)
class Month:
    """A month of the period: milestones due and kept, minutes spent."""

    first: date
    milestones: Punctuality = field(default_factory=Punctuality)
    minutes: int = 0


@dataclass(frozen=True)
class Reporting:
    """The whole page."""

    lines: Sequence[Line]
    months: Sequence[Month]
    nps: Nps
    is_cut: bool = False

    @property
    def milestones(self) -> Punctuality:
        return Punctuality(
            sum(line.milestones.on_time for line in self.lines),
            sum(line.milestones.due for line in self.lines),
        )

    @property
    def mean_progress(self) -> int | None:
        """Return the mean progress of the projects under way, in percent."""
        running = [
            line.project.progress
            for line in self.lines
            if line.project.status == Project.Status.ACTIVE
        ]
        return share(sum(running), len(running) * 100) if running else None

    @property
    def minutes(self) -> int:
        return sum(line.spent.minutes for line in self.lines)

    def sums(self, name: str) -> dict[str, int]:
        """Return the sum of a figure by currency: « spent », « billed » or « margin »."""
        found: dict[str, int] = {}
        for line in self.lines:
            value = {
                "spent": line.spent.total, "billed": line.billed_now, "margin": line.margin
            }[name]  # fmt: skip
            found[line.project.currency] = found.get(line.project.currency, 0) + value
        return found


def report(question: Question, today: date) -> Reporting:
    """Return the figures of the projects of a question. Thirteen queries, however many."""
    rows = question.projects(today).select_related("client", "lead")
    rows = rows.defer("client__search_vector", "search_vector", "summary")
    found = list(rows.order_by("due_date", "pk")[: MOST_PROJECTS + 1])
    projects = found[:MOST_PROJECTS]
    ids = [project.pk for project in projects]
    first, last = question.first, question.last
    budgets = budgets_of(projects)
    spent = spending_of(ids, first, last)
    billed, billed_now = _billed(projects), _billed(projects, first, last)
    late, kept = _milestones(ids, first, last, today)
    lines = [
        Line(
            project=project,
            budget=budgets[project.pk],
            spent=spent.get(project.pk, Spending()),
            billed=billed.get(project.pk, 0),
            billed_now=billed_now.get(project.pk, 0),
            late=late.get(project.pk, 0) if project.status == Project.Status.ACTIVE else 0,
            milestones=kept.get(project.pk, Punctuality()),
        )
        for project in projects
    ]
    return Reporting(
        lines=lines,
        months=_months(ids, first, last, today),
        nps=nps(first, last),
        is_cut=len(found) > MOST_PROJECTS,
    )


def punctuality(first: date, last: date, today: date) -> Punctuality:
    """Return how milestones due between two days were kept, of all projects. One query."""
    rows = judged(Milestone.objects.all(), first, last, today)
    return Punctuality(**rows.aggregate(on_time=Count("pk", filter=ON_TIME), due=Count("pk")))


ON_TIME = Q(status=Milestone.Status.DONE) & (
    Q(done_at=None) | Q(done_on__lte=F("due_date"))  # done before that was kept: taken as on time
)


def judged(rows: QuerySet[Milestone], first: date, last: date, today: date) -> QuerySet[Milestone]:
    """Keep the milestones due between two days that can be judged: due before today, or done."""
    rows = rows.annotate(done_on=TruncDate("done_at")).order_by()
    rows = rows.filter(due_date__gte=first, due_date__lte=last)
    return rows.filter(Q(due_date__lt=today) | Q(status=Milestone.Status.DONE))


def _milestones(
    ids: Sequence[int], first: date, last: date, today: date
) -> tuple[dict[int, int], dict[int, Punctuality]]:
    rows = Milestone.objects.filter(project__in=ids)
    late = rows.filter(due_date__lt=today).exclude(status=Milestone.Status.DONE).order_by()
    counts = dict(late.values_list("project_id").annotate(Count("pk")))
    kept = judged(rows, first, last, today).values("project_id")
    kept = kept.annotate(on_time=Count("pk", filter=ON_TIME), due=Count("pk"))
    return counts, {row["project_id"]: Punctuality(row["on_time"], row["due"]) for row in kept}


def _billed(
    projects: Sequence[Project], first: date | None = None, last: date | None = None
) -> dict[int, int]:
    currencies = {project.pk: project.currency for project in projects}
    found: dict[int, int] = {}
    for row in billed_of_projects(list(currencies), first, last):
        if currencies.get(row.project_id) == row.currency:
            found[row.project_id] = found.get(row.project_id, 0) + row.amount
    return found


def _months(ids: Sequence[int], first: date, last: date, today: date) -> list[Month]:
    milestones = judged(Milestone.objects.filter(project__in=ids), first, last, today)
    kept = {
        row["month"]: Punctuality(row["on_time"], row["due"])
        for row in milestones.annotate(month=TruncMonth("due_date"))
        .values("month")
        .annotate(on_time=Count("pk", filter=ON_TIME), due=Count("pk"))
    }
    entries = TimeEntry.objects.filter(
        project__in=ids, spent_on__gte=first, spent_on__lte=last
    ).order_by()
    minutes = dict(
        entries.annotate(month=TruncMonth("spent_on")).values_list("month").annotate(Sum("minutes"))
    )
    months, day = [], first.replace(day=1)
    while day <= last:
        months.append(Month(day, kept.get(day, Punctuality()), minutes.get(day, 0) or 0))
        day = (day + 32 * DAY).replace(day=1)
    return months
