"""What was invoiced, what came in, and how: sums of a period and of the one before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from billing.analytics.choice import SERVICE, Choice
from billing.analytics.figures import MeanDays, mean_of_sums
from billing.analytics.queries.asking import ask, ask_one

# Invoices raise revenue, credit notes lower it, each on its day.
SALES = """
    SELECT i.id, i.issue_date AS day, i.total_net AS net, i.total + i.total_added AS gross,
        i.client_id, i.project_id
    FROM invoicing_invoice i WHERE {kept}
    UNION ALL
    SELECT NULL, c.issue_date, -c.total_net, -(c.total + c.total_added), i.client_id, i.project_id
    FROM invoicing_creditnote c JOIN invoicing_invoice i ON i.id = c.invoice_id
    WHERE c.status = 'issued' AND {kept}
"""
NOW = "day BETWEEN %(first)s AND %(last)s"
THEN = "day BETWEEN %(first_before)s AND %(last_before)s"
EITHER = "day BETWEEN %(first_before)s AND %(last)s"


@dataclass(frozen=True)
class Sold:
    """What was invoiced less what was credited, in minor units; how many invoices."""

    net: int = 0
    gross: int = 0
    count: int = 0


def sales_sql(choice: Choice) -> str:
    """Return the SQL of the sales: day, net, gross, client, project."""
    return SALES.format(kept=choice.invoices)


def sold(choice: Choice) -> tuple[Sold, Sold]:
    """Return the sales of the period, and of the one before."""
    sums = ", ".join(
        f"coalesce(sum({what}) FILTER (WHERE {when}), 0)::bigint AS {what}{mark}"
        for mark, when in (("", NOW), ("_before", THEN))
        for what in ("net", "gross")
    )
    counts = f"""count(id) FILTER (WHERE {NOW}) AS number,
        count(id) FILTER (WHERE {THEN}) AS number_before"""
    row = ask_one(
        f"SELECT {sums}, {counts} FROM ({sales_sql(choice)}) s WHERE {EITHER}", choice.values
    )
    return (
        Sold(row["net"], row["gross"], row["number"]),
        Sold(row["net_before"], row["gross_before"], row["number_before"]),
    )


def sold_by_month(choice: Choice, months: Sequence[date]) -> dict[date, Sold]:
    """Return the sales of each month, named by its first day, until the period's end."""
    rows = ask(
        f"""SELECT date_trunc('month', day)::date AS month, sum(net)::bigint AS net,
                sum(gross)::bigint AS gross, count(id) AS number
            FROM ({sales_sql(choice)}) s WHERE day BETWEEN %(start)s AND %(last)s GROUP BY 1""",
        choice.values | {"start": months[0]},
    )
    found = {row["month"]: Sold(row["net"], row["gross"], row["number"]) for row in rows}
    return {month: found.get(month, Sold()) for month in months}


def cash_sql(choice: Choice) -> str:
    """Return the SQL of money in: day, amount, online; sandbox money is none.

    With a project or a service, the parts of payments that went to its invoices.
    """
    if choice.is_by_invoice:
        return f"""SELECT p.received_on AS day, a.amount, p.provider <> '' AS online, p.method,
                p.channel, p.provider, p.client_id, i.project_id, p.id
            FROM payments_allocation a JOIN payments_payment p ON p.id = a.payment_id
                JOIN invoicing_invoice i ON i.id = a.invoice_id
            WHERE NOT p.is_test AND a.kind NOT IN ('rounding', 'unrounding')
                AND {choice.invoices}"""
    return f"""SELECT p.received_on AS day, p.amount, p.provider <> '' AS online, p.method,
            p.channel, p.provider, p.client_id, NULL::bigint AS project_id, p.id
        FROM payments_payment p WHERE NOT p.is_test AND {choice.papers.format(row="p")}"""


def collected(choice: Choice) -> dict[str, int]:
    """Return what came in (amount, amount_before), given back, and how many sandbox payments."""
    row = ask_one(
        f"""SELECT coalesce(sum(amount) FILTER (WHERE {NOW}), 0)::bigint AS amount,
                coalesce(sum(amount) FILTER (WHERE {THEN}), 0)::bigint AS amount_before,
                (SELECT coalesce(sum(r.amount), 0)::bigint FROM payments_refund r
                    JOIN payments_payment p ON p.id = r.payment_id
                    WHERE NOT p.is_test AND {choice.papers.format(row="p")}
                    AND r.refunded_on BETWEEN %(first)s AND %(last)s) AS given_back,
                (SELECT count(*) FROM payments_payment p
                    WHERE p.is_test AND {choice.papers.format(row="p")}
                    AND p.received_on BETWEEN %(first)s AND %(last)s) AS sandbox
            FROM ({cash_sql(choice)}) c WHERE {EITHER}""",
        choice.values,
    )
    return {name: int(value) for name, value in row.items()}


def collected_by_month(choice: Choice, months: Sequence[date]) -> dict[date, int]:
    """Return what came in each month, named by its first day, until the period's end."""
    rows = ask(
        f"""SELECT date_trunc('month', day)::date AS month, sum(amount)::bigint AS amount
            FROM ({cash_sql(choice)}) c WHERE day BETWEEN %(start)s AND %(last)s GROUP BY 1""",
        choice.values | {"start": months[0]},
    )
    found = {row["month"]: row["amount"] for row in rows}
    return {month: found.get(month, 0) for month in months}


@dataclass(frozen=True)
class Paid:
    """The invoices settled in a period by money: how many, online, and how long they took."""

    count: int
    online: int
    days: MeanDays | None


def settled(choice: Choice) -> tuple[Paid, Paid]:
    """Return what invoices were settled in the period, and in the one before.

    An invoice is paid online when more than half of its money came through a provider. Its days
    run from its issue to the last money it received; it weighs what it was paid.
    """
    rows = ask(
        f"""SELECT is_now, count(*) AS count, count(*) FILTER (WHERE online * 2 > paid) AS online,
                sum(paid)::bigint AS amount, sum(paid * days)::bigint AS amount_days,
                sum(days)::bigint AS days
            FROM (
                SELECT i.settled_at >= %(first_at)s AS is_now, sum(a.amount) AS paid,
                    coalesce(sum(a.amount) FILTER (WHERE p.provider <> ''), 0) AS online,
                    greatest(max(p.received_on) FILTER (WHERE a.amount > 0) - i.issue_date, 0)
                        AS days
                FROM invoicing_invoice i JOIN payments_allocation a ON a.invoice_id = i.id
                    JOIN payments_payment p ON p.id = a.payment_id
                WHERE i.status = 'issued' AND i.settled_at >= %(first_at_before)s
                    AND i.settled_at < %(end_at)s AND a.kind NOT IN ('rounding', 'unrounding')
                    AND {choice.invoices}
                GROUP BY i.id HAVING sum(a.amount) > 0) one
            GROUP BY is_now""",
        choice.values,
    )
    found = {row["is_now"]: _paid(row) for row in rows}
    return found.get(True, Paid(0, 0, None)), found.get(False, Paid(0, 0, None))


def _paid(row: dict[str, Any]) -> Paid:
    days = mean_of_sums(
        amount=int(row["amount"]),
        amount_days=int(row["amount_days"]),
        count=row["count"],
        days=int(row["days"]),
    )
    return Paid(row["count"], row["online"], days)


def by_channel(choice: Choice) -> list[dict[str, Any]]:
    """Return how money came in the period: online, method, channel, provider, amount, count."""
    return ask(
        f"""SELECT online, method, channel, provider, sum(amount)::bigint AS amount,
                count(DISTINCT id) AS count
            FROM ({cash_sql(choice)}) c WHERE {NOW}
            GROUP BY 1, 2, 3, 4 HAVING sum(amount) <> 0 ORDER BY amount DESC, 2, 3""",
        choice.values,
    )


def by_client(choice: Choice, most: int) -> list[dict[str, Any]]:
    """Return clients by what they were invoiced before VAT: id, name, net, gross, collected."""
    return ask(
        f"""SELECT c.id, c.name, coalesce(s.net, 0)::bigint AS net,
                coalesce(s.gross, 0)::bigint AS gross, coalesce(m.amount, 0)::bigint AS collected
            FROM (SELECT client_id, sum(net) AS net, sum(gross) AS gross
                    FROM ({sales_sql(choice)}) x WHERE {NOW} GROUP BY 1) s
                FULL JOIN (SELECT client_id, sum(amount) AS amount
                    FROM ({cash_sql(choice)}) y WHERE {NOW} GROUP BY 1) m USING (client_id)
                JOIN accounts_client c ON c.id = client_id
            ORDER BY 3 DESC, 5 DESC, c.name LIMIT %(most)s""",
        choice.values | {"most": most},
    )


def by_project(choice: Choice, most: int) -> list[dict[str, Any]]:
    """Return projects by what they were invoiced before VAT: id, name, net, gross."""
    return ask(
        f"""SELECT p.id, p.title AS name, sum(net)::bigint AS net, sum(gross)::bigint AS gross
            FROM ({sales_sql(choice)}) x LEFT JOIN projects_project p ON p.id = x.project_id
            WHERE {NOW} GROUP BY 1, 2 ORDER BY 3 DESC, 2 LIMIT %(most)s""",
        choice.values | {"most": most},
    )


def by_service(choice: Choice, most: int) -> list[dict[str, Any]]:
    """Return services by what they were invoiced before VAT: key, name, net, count of invoices.

    Each line takes its part of its invoice's net, so that discounts, prices with VAT and deposits
    taken off are shared out; credit notes are not taken off.
    """
    return ask(
        f"""WITH parts AS MATERIALIZED (
                SELECT i.id, l.section, l.label, i.total_net * l.net::numeric
                    / nullif(sum(l.net) OVER (PARTITION BY i.id), 0) AS part
                FROM invoicing_invoice i JOIN invoicing_invoiceline l ON l.invoice_id = i.id
                WHERE i.status = 'issued' AND i.issue_date BETWEEN %(first)s AND %(last)s
                    AND {choice.invoices}
            ), names AS MATERIALIZED (
                SELECT l.section, l.label, {SERVICE} AS name
                FROM (SELECT DISTINCT section, label FROM parts) l
            )
            SELECT lower(name) AS key, min(name) AS name, count(DISTINCT id) AS count,
                round(sum(part))::bigint AS net
            FROM parts JOIN names USING (section, label) WHERE part IS NOT NULL
            GROUP BY 1 ORDER BY 4 DESC, 1 LIMIT %(most)s""",
        choice.values | {"most": most},
    )


def invoices_of_service(service: str) -> tuple[int, ...]:
    """Return the keys of the invoices that have a line of a service."""
    rows = ask(
        f"""WITH words AS MATERIALIZED (
                SELECT DISTINCT section, label FROM invoicing_invoiceline
            ), names AS MATERIALIZED (
                SELECT l.section, l.label FROM words l WHERE lower({SERVICE}) = %(it)s
            )
            SELECT DISTINCT invoice_id FROM invoicing_invoiceline JOIN names
                USING (section, label)""",
        {"it": service},
    )
    return tuple(row["invoice_id"] for row in rows)


def currencies() -> list[str]:
    """Return the currencies of invoices, the most used first; the franc when there is none."""
    rows = ask(
        """SELECT currency FROM invoicing_invoice WHERE status <> 'draft'
            GROUP BY 1 ORDER BY count(*) DESC, 1""",
        {},
    )
    return [row["currency"] for row in rows] or ["XOF"]
