"""What clients owed on a day, rebuilt from what happened until then.

An invoice counts from its issue; what lowers it from the day of the payment, credit note or
adjustment. So a day of the past shows what was owed then, not what is left of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from billing.analytics.choice import Choice
from billing.analytics.figures import BOUNDS, Ageing
from billing.analytics.periods import DAY, add_months
from billing.analytics.queries.asking import ask, ask_one


def moves(choice: Choice) -> str:
    """Return the SQL of all that made and lowered receivables: day, due, amount."""
    kept = choice.invoices
    due = "coalesce(i.due_date, i.issue_date) AS due"
    return f"""
        SELECT i.issue_date AS day, {due}, i.total + i.total_added AS amount
        FROM invoicing_invoice i WHERE {kept}
        UNION ALL
        SELECT greatest(i.issue_date, CASE WHEN a.kind IN ('payment', 'rounding')
                THEN p.received_on ELSE (a.created_at AT TIME ZONE %(zone)s)::date END),
            {due}, -a.amount
        FROM payments_allocation a JOIN payments_payment p ON p.id = a.payment_id
            JOIN invoicing_invoice i ON i.id = a.invoice_id WHERE {kept}
        UNION ALL
        SELECT greatest(i.issue_date, c.issue_date), {due}, -(c.total + c.total_added)
        FROM invoicing_creditnote c JOIN invoicing_invoice i ON i.id = c.invoice_id
        WHERE c.status = 'issued' AND {kept}
        UNION ALL
        SELECT greatest(i.issue_date, d.dated_on), {due}, -d.amount
        FROM invoicing_adjustment d JOIN invoicing_invoice i ON i.id = d.invoice_id WHERE {kept}
    """


def standing(choice: Choice, days: Sequence[date]) -> list[Ageing]:
    """Return what was owed at the end of each day, by days past due that day."""
    sums, values = [], choice.values
    for rank, day in enumerate(days):
        ends = [day, *(day - timedelta(days=bound + 1) for bound in BOUNDS)]
        values |= {f"d{rank}": day, f"d{rank}_1": day - DAY}
        values |= {f"d{rank}_{at + 1}": end for at, end in enumerate(ends) if at}
        sums += [_sum(rank, at) for at in range(len(BOUNDS) + 2)]
    row = ask_one(f"SELECT {', '.join(sums)} FROM ({moves(choice)}) m", values)
    return [
        Ageing(*(int(row[f"s{rank}_{at}"]) for at in range(len(BOUNDS) + 2)))
        for rank in range(len(days))
    ]


def _sum(rank: int, at: int) -> str:
    """Return the SQL sum of one class of one day: due after its end, not after its beginning."""
    kept = [f"day <= %(d{rank})s"]
    if at == 0:
        kept.append(f"due >= %(d{rank})s")
    else:
        kept.append(f"due <= %(d{rank}_{at})s")
    if 0 < at <= len(BOUNDS):
        kept.append(f"due > %(d{rank}_{at + 1})s")
    return f"coalesce(sum(amount) FILTER (WHERE {' AND '.join(kept)}), 0)::bigint AS s{rank}_{at}"


def month_ends(choice: Choice, months: Sequence[date]) -> dict[date, int]:
    """Return what was owed at the end of each month, named by its first day; today for this one."""
    rows = ask(
        f"""SELECT greatest(date_trunc('month', day)::date, %(start)s) AS month,
                sum(amount)::bigint AS amount
            FROM ({moves(choice)}) m WHERE day <= %(last)s GROUP BY 1 ORDER BY 1""",
        choice.values | {"start": add_months(months[0], -1)},
    )
    moved = {row["month"]: row["amount"] for row in rows}
    owed, found = moved.get(add_months(months[0], -1), 0), {}
    for month in months:
        owed += moved.get(month, 0)
        found[month] = owed
    return found


def client_credit(choice: Choice) -> int:
    """Return what clients have paid that no invoice needs, today."""
    return int(
        ask_one(
            f"""SELECT coalesce(sum(p.amount_unallocated), 0)::bigint AS amount
                FROM payments_payment p WHERE {choice.papers.format(row="p")}""",
            choice.values,
        )["amount"]
    )


LEFT = """(i.total + i.total_added - i.amount_credited - i.amount_adjusted - i.amount_paid)"""
OPEN = f"i.status = 'issued' AND i.settled_at IS NULL AND {LEFT} > 0"


def late_clients(choice: Choice, most: int) -> list[dict[str, Any]]:
    """Return who is most late today: client, name, amount, count, oldest (days)."""
    return ask(
        f"""SELECT i.client_id AS client, c.name, sum({LEFT})::bigint AS amount,
                count(*) AS count, %(today)s - min(i.due_date) AS oldest
            FROM invoicing_invoice i JOIN accounts_client c ON c.id = i.client_id
            WHERE {OPEN} AND i.due_date < %(today)s AND {choice.invoices}
            GROUP BY 1, 2 ORDER BY amount DESC, c.name LIMIT %(most)s""",
        choice.values | {"most": most},
    )


HABIT = 3  # settled invoices before a client's own habit counts
WEEKS = 13
DISPUTED, PASSED = -2, -1


DELAY = """percentile_disc(0.5) WITHIN GROUP (
    ORDER BY (s.settled_at AT TIME ZONE %(zone)s)::date - s.due_date)"""
SETTLED = """FROM invoicing_invoice s WHERE s.status = 'issued' AND s.amount_paid > 0
    AND s.settled_at >= %(year_ago)s AND s.due_date IS NOT NULL"""


@dataclass(frozen=True)
class Expected:
    """Cash expected in a week from today (0 to 12, 13 for later), or DISPUTED, or PASSED."""

    week: int
    amount: int
    count: int


def forecast(choice: Choice) -> list[Expected]:
    """Return when what is owed should come, by week.

    Each invoice is expected on the day promised; else on its due date, later or sooner by the
    median delay of its client's invoices settled in twelve months, of everybody's below three of
    them. Past the day of a client who pays early, it is expected on its due date. What waits for
    a certificate of withholding is no cash. DISPUTED: contested, counted in no week. PASSED: the
    expected day is over and nothing came.
    """
    rows = ask(
        f"""WITH habits AS (
                SELECT s.client_id, {DELAY} AS delay {SETTLED}
                GROUP BY 1 HAVING count(*) >= {HABIT}
            ), house AS (SELECT {DELAY} AS delay {SETTLED}), due AS (
                SELECT {LEFT} - CASE WHEN i.total_withheld > 0 THEN greatest(0, i.total_withheld
                    - coalesce((SELECT sum(d.amount) FROM invoicing_adjustment d
                        WHERE d.invoice_id = i.id AND d.kind = 'withheld'), 0)
                    - coalesce((SELECT sum(n.total_withheld) FROM invoicing_creditnote n
                        WHERE n.invoice_id = i.id AND n.status = 'issued'), 0))
                    ELSE 0 END AS amount,
                    p.promised_for, i.due_date, coalesce(p.promised_for,
                        coalesce(i.due_date, i.issue_date) + coalesce(h.delay, house.delay, 0))
                        AS expected,
                    EXISTS (SELECT 1 FROM dunning_dispute x
                        WHERE x.invoice_id = i.id AND x.closed_at IS NULL) AS disputed
                FROM invoicing_invoice i CROSS JOIN house
                    LEFT JOIN habits h ON h.client_id = i.client_id
                    LEFT JOIN dunning_paymentpromise p ON p.invoice_id = i.id AND p.state = 'open'
                WHERE {OPEN} AND {choice.invoices})
            SELECT CASE WHEN disputed THEN {DISPUTED} WHEN on_day < %(today)s THEN {PASSED}
                    ELSE least((on_day - %(today)s) / 7, {WEEKS}) END AS week,
                sum(amount)::bigint AS amount, count(*) AS count
            FROM (SELECT amount, disputed, CASE WHEN expected < %(today)s THEN
                    coalesce(promised_for, greatest(expected, due_date)) ELSE expected END AS on_day
                FROM due) dated WHERE amount > 0 GROUP BY 1 ORDER BY 1""",
        choice.values | {"year_ago": choice.today - timedelta(days=365)},
    )
    return [Expected(int(row["week"]), row["amount"], row["count"]) for row in rows]
