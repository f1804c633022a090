"""The two figures of the home page, in one question."""

from __future__ import annotations

from dataclasses import dataclass

from billing.analytics.choice import Choice
from billing.analytics.queries.asking import ask_one
from billing.analytics.queries.receivables import moves
from billing.analytics.queries.revenue import NOW, sales_sql


@dataclass(frozen=True)
class Habits:
    """What is owed at the period's end, what was sold, invoices settled by money, those online."""

    owed: int
    sold: int
    settled: int
    online: int


def habits(choice: Choice) -> Habits:
    """Return what the DSO and the online rate of a period are made of."""
    row = ask_one(
        f"""WITH paid AS (
                SELECT sum(a.amount) AS paid,
                    coalesce(sum(a.amount) FILTER (WHERE p.provider <> ''), 0) AS online
                FROM invoicing_invoice i JOIN payments_allocation a ON a.invoice_id = i.id
                    JOIN payments_payment p ON p.id = a.payment_id
                WHERE i.status = 'issued' AND i.settled_at >= %(first_at)s
                    AND i.settled_at < %(end_at)s AND a.kind NOT IN ('rounding', 'unrounding')
                    AND {choice.invoices}
                GROUP BY i.id HAVING sum(a.amount) > 0)
            SELECT (SELECT coalesce(sum(amount), 0) FROM ({moves(choice)}) m
                    WHERE day <= %(last)s)::bigint AS owed,
                (SELECT coalesce(sum(gross), 0) FROM ({sales_sql(choice)}) s
                    WHERE {NOW})::bigint AS sold,
                (SELECT count(*) FROM paid) AS settled,
                (SELECT count(*) FROM paid WHERE online * 2 > paid) AS online""",
        choice.values,
    )
    return Habits(**row)


def last_move() -> str:
    """Return what changes with any payment put on an invoice, and any event of one."""
    row = ask_one(
        """SELECT (SELECT max(id) FROM payments_allocation) AS paid,
            (SELECT max(id) FROM invoicing_invoiceevent) AS told""",
        {},
    )
    return f"{row['paid']}-{row['told']}"
