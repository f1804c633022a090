"""Quotes, recurring revenue, and the four figures of how we work with clients."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from billing.analytics.choice import Choice
from billing.analytics.figures import Movements, recurring_movements
from billing.analytics.periods import DAY
from billing.analytics.queries.asking import ask, ask_one
from billing.sources.models import RecurringRun
from billing.sources.queries import monthly_shares


@dataclass(frozen=True)
class Quotes:
    """The quotes sent in a period, by what became of them; values TTC in minor units."""

    sent: int
    sent_value: int
    accepted: int
    accepted_value: int
    refused: int
    expired: int

    @property
    def open(self) -> int:
        """Return how many can still be answered."""
        return self.sent - self.accepted - self.refused - self.expired


def quotes(choice: Choice) -> tuple[Quotes, Quotes]:
    """Return the quotes sent in the period, and in the one before; replaced ones count as none."""
    kept = choice.papers.format(row="q")
    if choice.project:
        kept += " AND q.project_id = %(project)s"
    rows = ask(
        f"""SELECT q.issue_date >= %(first)s AS is_now, count(*) AS sent,
                sum(q.total)::bigint AS sent_value,
                count(*) FILTER (WHERE q.status = 'accepted') AS accepted,
                coalesce(sum(q.total) FILTER (WHERE q.status = 'accepted'), 0)::bigint
                    AS accepted_value,
                count(*) FILTER (WHERE q.status = 'refused') AS refused,
                count(*) FILTER (WHERE q.status = 'sent' AND q.valid_until < %(today)s) AS expired
            FROM invoicing_quote q
            WHERE q.status NOT IN ('draft', 'replaced')
                AND q.issue_date BETWEEN %(first_before)s AND %(last)s AND {kept}
            GROUP BY 1""",
        choice.values,
    )
    found = {row.pop("is_now"): Quotes(**row) for row in rows}
    nothing = Quotes(0, 0, 0, 0, 0, 0)
    return found.get(True, nothing), found.get(False, nothing)


@dataclass(frozen=True)
class Recurring:
    """What contracts bring in a month at the end of a period, exactly, and what moved."""

    movements: Movements
    by_client: Mapping[tuple[int, str], Fraction]
    contracts: int

    @property
    def monthly(self) -> Fraction:
        """Return the monthly recurring revenue, in minor units before VAT."""
        return self.movements.end

    @property
    def yearly(self) -> Fraction:
        """Return twelve times the monthly one."""
        return 12 * self.monthly


def recurring(choice: Choice) -> Recurring:
    """Return the recurring revenue at the end of what was seen, against the day before it."""
    seen = choice.seen
    ends, names, contracts = _shares(choice, seen.last)
    starts, _names, _contracts = _shares(choice, seen.first - DAY)
    runs = RecurringRun.objects.filter(period_start__lt=seen.first, client__in=list(ends))
    known = runs.order_by().values_list("client_id", flat=True).distinct()
    return Recurring(
        movements=recurring_movements(starts, ends, known),
        by_client={(client, names[client]): share for client, share in ends.items()},
        contracts=contracts,
    )


def _shares(choice: Choice, on: date) -> tuple[dict[int, Fraction], dict[int, str], int]:
    found: dict[int, Fraction] = {}
    names, count = {}, 0
    for contract, share in monthly_shares(on):
        if contract.currency != choice.currency or not _is_kept(choice, contract):
            continue
        client = contract.client_id
        found[client] = found.get(client, Fraction(0)) + share
        names[client], count = contract.client.name, count + 1
    return found, names, count


def _is_kept(choice: Choice, contract: Any) -> bool:
    return choice.client in (None, contract.client_id) and choice.project in (
        None,
        contract.project_id,
    )


def came(choice: Choice) -> dict[str, int]:
    """Return active clients (won), those who signed in during the period's last month, and members.

    `came_before` is of the month before; `with_access` those with an account at all; `since` and
    `since_before` are 0 for a month in which visits were not noted yet.
    """
    month = choice.seen.last.replace(day=1)
    kept = " AND c.id = %(client)s" if choice.client else ""
    visited = "EXISTS (SELECT 1 FROM analytics_clientvisit v WHERE v.client_id = c.id AND v.month"
    row = ask_one(
        f"""SELECT count(*) AS active,
                count(*) FILTER (WHERE {visited} = %(month)s)) AS came,
                count(*) FILTER (WHERE {visited} = %(month_before)s)) AS came_before,
                count(*) FILTER (WHERE EXISTS (SELECT 1 FROM accounts_membership m
                    WHERE m.client_id = c.id)) AS with_access,
                (SELECT count(*) FROM (SELECT 1 FROM analytics_clientvisit
                    WHERE month <= %(month)s LIMIT 1) any_visit) AS since,
                (SELECT count(*) FROM (SELECT 1 FROM analytics_clientvisit
                    WHERE month <= %(month_before)s LIMIT 1) any_visit) AS since_before
            FROM accounts_client c WHERE c.stage = 'won' {kept}""",
        choice.values | {"month": month, "month_before": (month - DAY).replace(day=1)},
    )
    return {name: int(value) for name, value in row.items()}


def on_time(choice: Choice) -> dict[str, int]:
    """Return tasks and milestones due in the period: `tasks` judged, of which `tasks_in_time`, etc.

    Judged: done, or past due. In time: done on its due date at the latest. A milestone done on a
    day that nobody noted is told apart, `undated`.
    """
    kept = " AND r.client_id = %(client)s" if choice.client else ""
    kept += " AND r.project_id = %(project)s" if choice.project else ""
    done_on = "(r.done_at AT TIME ZONE %(zone)s)::date"
    row = ask_one(
        f"""SELECT {_judged("tasks", "kind = 'task'")}, {_judged("milestones", "kind <> 'task'")},
                count(*) FILTER (WHERE is_done AND done_on IS NULL) AS undated
            FROM (
                SELECT 'task' AS kind, r.due_date, r.status = 'done' AS is_done,
                    {done_on} AS done_on
                FROM projects_task r
                WHERE r.due_date BETWEEN %(first)s AND %(end)s {kept}
                UNION ALL
                SELECT 'milestone', r.due_date, r.status = 'done', {done_on}
                FROM projects_milestone r
                WHERE r.due_date BETWEEN %(first)s AND %(end)s {kept}) work""",
        choice.values | {"end": choice.period.last},
    )
    return {name: int(value) for name, value in row.items()}


def _judged(name: str, kind: str) -> str:
    known = f"{kind} AND (done_on IS NOT NULL OR (NOT is_done AND due_date < %(today)s))"
    return f"""count(*) FILTER (WHERE {known}) AS {name},
        count(*) FILTER (WHERE {kind} AND done_on <= due_date) AS {name}_in_time"""
