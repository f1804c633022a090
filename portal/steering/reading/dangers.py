"""What puts projects in danger: doubtful milestones, serious risks, budgets that are exceeded."""

from datetime import date

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from core.hooks import hour_rates
from portal.projects.models import Project, TimeEntry
from portal.projects.standing import late_milestones, milestones_at_risk
from portal.steering.models import Risk
from portal.steering.models.projects import SERIOUS
from portal.steering.reading.spending import HOUR, Budget, spending, summed

MOST_OVER = 500


def serious_risks() -> QuerySet[Risk]:
    """Return the open risks that are likely and grave."""
    rows = Risk.objects.exclude(status=Risk.Status.CLOSED)
    return rows.filter(score__gte=SERIOUS)


def projects_at_risk(rows: QuerySet[Project], today: date) -> QuerySet[Project]:
    """Keep the projects under way with a late or doubtful milestone, or a serious risk."""
    return rows.filter(
        Q(Exists(late_milestones(today).filter(project=OuterRef("pk"))))
        | Q(Exists(milestones_at_risk(today).filter(project=OuterRef("pk"))))
        | Q(Exists(serious_risks().filter(project=OuterRef("pk")))),
        status=Project.Status.ACTIVE,
    )


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
