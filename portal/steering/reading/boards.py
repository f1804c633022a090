"""What the board of projects shows: some of each status, with where each one stands."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from core.accounts.models import Client
from portal.projects import standing
from portal.projects.models import Milestone, Project
from portal.steering.models import StatusLimit
from portal.steering.reading import dangers
from portal.steering.reading.spending import Budget, budgets_of


@dataclass(frozen=True)
class BoardCard:
    """A project of the board, with what its card says."""

    project: Project
    budget: Budget
    next: Milestone | None = None
    late: int = 0
    doubtful: int = 0
    risks: int = 0
    is_late: bool = False

    @property
    def is_at_risk(self) -> bool:
        return bool(self.late or self.doubtful or self.risks)


@dataclass(frozen=True)
class Asked:
    """What the filters of the board keep."""

    client: int | None = None
    lead: int | None = None
    late: bool = False
    at_risk: bool = False

    def rows(self, today: date) -> QuerySet[Project]:
        """Return the projects that the filters keep."""
        rows: QuerySet[Project] = Project.objects.all()
        if self.client:
            rows = rows.filter(client=self.client)
        if self.lead:
            rows = rows.filter(lead=self.lead)
        if self.late:
            rows = standing.late_projects(rows, today)
        return dangers.projects_at_risk(rows, today) if self.at_risk else rows


@dataclass(frozen=True)
class Column:
    """The projects of a status: some of them as cards, and how many there are."""

    status: str
    cards: Sequence[BoardCard] = ()
    total: int = 0
    limit: int | None = None


@dataclass
class _Facts:
    """What is known of the milestones of a project."""

    next: Milestone | None = None
    late: int = 0
    doubtful: int = 0
    risks: int = field(default=0)


def columns(asked: Asked, today: date, most: int) -> list[Column]:
    """Return the columns of the board, each with its first cards. Seven queries, however many."""
    rows = asked.rows(today)
    totals = dict(rows.order_by().values_list("status").annotate(Count("pk")))
    limits = dict(StatusLimit.objects.values_list("status", "limit"))
    shown = _first_of_each(rows, most)
    budgets, facts = budgets_of(shown), _facts_of(shown, today)
    cards: dict[str, list[BoardCard]] = {}
    for project in shown:
        found = facts.get(project.pk, _Facts())
        cards.setdefault(project.status, []).append(
            BoardCard(
                project=project,
                budget=budgets[project.pk],
                next=found.next,
                late=found.late,
                doubtful=found.doubtful,
                risks=found.risks,
                is_late=standing.is_late(project, today),
            )
        )
    return [
        Column(status, cards.get(status, ()), totals.get(status, 0), limits.get(status))
        for status in Project.Status.values
    ]


def _first_of_each(rows: QuerySet[Project], most: int) -> list[Project]:
    """Return the first projects of each status, the next to be delivered first."""
    order: list[Any] = [F("due_date").asc(nulls_last=True), "pk"]
    rank = Window(RowNumber(), partition_by="status", order_by=order)
    keys = rows.order_by().annotate(rank=rank).filter(rank__lte=most).values("pk")
    found = Project.objects.filter(pk__in=list(keys.values_list("pk", flat=True)))
    found = found.select_related("client", "lead")
    return list(found.defer("client__search_vector", "search_vector").order_by(*order))


def _facts_of(projects: Sequence[Project], today: date) -> dict[int, _Facts]:
    ids = [project.pk for project in projects]
    facts: dict[int, _Facts] = {pk: _Facts() for pk in ids}
    doubtful = set(
        standing.milestones_at_risk(today).filter(project__in=ids).values_list("pk", flat=True)
    )
    rows = Milestone.objects.filter(project__in=ids).exclude(status=Milestone.Status.DONE)
    for row in rows.defer("search_vector").order_by("sort_order", "id"):
        found = facts[row.project_id]
        found.next = found.next or row
        found.late += row.is_late(today)
        found.doubtful += row.pk in doubtful
    risks = dangers.serious_risks().filter(project__in=ids).order_by()
    for pk, count in risks.values_list("project_id").annotate(Count("pk")):
        facts[pk].risks = count
    for project in projects:
        if project.status != Project.Status.ACTIVE:
            facts[project.pk].late = 0
    return facts


def leads() -> list[tuple[int, str]]:
    """Return the people who lead projects, by name."""
    rows = (
        Project.objects.exclude(lead=None)
        .order_by()
        .values_list("lead_id", "lead__first_name", "lead__last_name")
    )
    return sorted(
        ((pk, f"{first} {last}".strip()) for pk, first, last in rows.distinct()),
        key=lambda pair: pair[1],
    )


def clients(most: int) -> list[tuple[int, str]]:
    """Return the clients who have projects, by name, the first of them."""
    rows = Client.objects.filter(Q(pk__in=Project.objects.order_by().values("client")))
    return list(rows.order_by("name").values_list("pk", "name")[:most])


def choice_of(text: Any, known: Sequence[tuple[int, str]]) -> int | None:
    """Return the key that an address names, when it is one of those offered."""
    return next((pk for pk, _name in known if str(pk) == text), None)
