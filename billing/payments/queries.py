"""Questions about money received: figures for the team, and the daily proof that all adds up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from billing.invoicing.models import Invoice
from billing.payments.models import Allocation, Anomaly, MoneyAccount, Payment, TransferDeclaration


def came_in_month(day: date) -> tuple[int, bool]:
    """Return what came in during a day's month, in whole francs, and if sandbox money came too."""
    first = day.replace(day=1)
    rows = Payment.objects.filter(
        received_on__gte=first, received_on__lt=(first + timedelta(days=31)).replace(day=1)
    )
    found = rows.aggregate(
        real=Sum("amount", filter=Q(is_test=False, currency="XOF")),
        tests=Count("pk", filter=Q(is_test=True)),
    )
    return found["real"] or 0, bool(found["tests"])


def open_anomalies() -> QuerySet[Anomaly]:
    """Return what went wrong with money and waits for somebody."""
    return Anomaly.objects.filter(resolved_at=None)


@dataclass(frozen=True)
class Credit:
    """What was paid ahead and no invoice has needed, in whole units of a currency."""

    amount: int
    currency: str


def client_credit(client_id: int, currency: str) -> int:
    """Return what a client has paid that no invoice needs, in whole units of a currency."""
    rows = Payment.objects.filter(client_id=client_id, currency=currency)
    return rows.aggregate(sum=Sum("amount_unallocated"))["sum"] or 0


def accounts_for(invoice: Invoice) -> QuerySet[MoneyAccount]:
    """Return our accounts on which an invoice may be paid outside the portal."""
    return MoneyAccount.objects.filter(
        company_id=invoice.company_id,
        currency=invoice.currency,
        is_active=True,
        is_shown=True,
    ).exclude(kind=MoneyAccount.Kind.CASH)


def declarations_of(invoice: Invoice) -> list[TransferDeclaration]:
    """Return what the client says to have paid for an invoice and that is no payment yet."""
    rows = TransferDeclaration.objects.filter(invoice=invoice, client_id=invoice.client_id)
    rows = rows.exclude(state=TransferDeclaration.State.CONFIRMED).select_related("account")
    return list(rows.order_by("-declared_at", "-pk")[:10])


def money_around(invoice: Invoice) -> list[Payment]:
    """Return the payments of an invoice (`is_here`), and the client's money no invoice needs.

    In the invoice's currency, newest first, each with its receipt.
    """
    here = Allocation.objects.filter(payment=OuterRef("pk"), invoice=invoice)
    rows = Payment.objects.filter(client_id=invoice.client_id, currency=invoice.currency)
    rows = rows.annotate(is_here=Exists(here)).filter(Q(is_here=True) | Q(amount_unallocated__gt=0))
    return list(rows.select_related("receipt").order_by("-received_on", "-pk"))


def credits_of(payments: QuerySet[Payment]) -> list[Credit]:
    """Add up what is left of payments that no invoice needs, per currency."""
    rows = payments.filter(amount_unallocated__gt=0).order_by().values("currency")
    sums = rows.annotate(sum=Sum("amount_unallocated")).order_by("currency")
    return [Credit(row["sum"], row["currency"]) for row in sums]


@dataclass(frozen=True)
class Difference:
    """Two sums that should be the same, and are not. Whole units of the row's currency."""

    rule: str
    row: str
    expected: int
    found: int

    def __str__(self) -> str:
        return f"{self.rule}: {self.row}: expected {self.expected}, found {self.found}"


# Each answers (row, expected, found) for the rows where the two differ.
RULES = {
    "invoice paid = its allocations": """
        SELECT coalesce(nullif(i.number, ''), 'draft ' || i.id),
               coalesce(sum(a.amount), 0)::bigint, i.amount_paid
        FROM invoicing_invoice i LEFT JOIN payments_allocation a ON a.invoice_id = i.id
        GROUP BY i.id HAVING i.amount_paid <> coalesce(sum(a.amount), 0)
    """,
    "payment = allocated + credit + given back": """
        SELECT 'payment ' || p.id, p.amount,
               (p.amount_unallocated + coalesce(a.money, 0) + coalesce(r.given, 0))::bigint
        FROM payments_payment p
        LEFT JOIN (SELECT payment_id, sum(money) AS money FROM (
            SELECT payment_id, invoice_id,
                   greatest(sum(amount) FILTER (
                       WHERE kind NOT IN ('rounding', 'unrounding')), 0) AS money
            FROM payments_allocation GROUP BY payment_id, invoice_id) each_invoice
            GROUP BY payment_id) a ON a.payment_id = p.id
        LEFT JOIN (SELECT payment_id, sum(amount) AS given FROM payments_refund
            GROUP BY payment_id) r ON r.payment_id = p.id
        WHERE p.amount <> p.amount_unallocated + coalesce(a.money, 0) + coalesce(r.given, 0)
    """,
    "settled attempt = its payment": """
        SELECT t.reference, coalesce(a.amount, t.amount), coalesce(p.amount, 0)
        FROM payments_paymentattempt t
        FULL JOIN payments_payment p ON p.attempt_id = t.id
        LEFT JOIN payments_attemptevent a ON a.attempt_id = t.id AND a.outcome = 'accepted'
        WHERE (t.state = 'succeeded' AND coalesce(p.amount, 0) < coalesce(a.amount, t.amount))
           OR (p.attempt_id IS NOT NULL AND (t.state <> 'succeeded' OR p.currency <> t.currency))
    """,
    "settlement = what the provider said": """
        SELECT t.reference, p.amount, 0
        FROM payments_payment p JOIN payments_paymentattempt t ON t.id = p.attempt_id
        WHERE NOT EXISTS (SELECT 1 FROM payments_attemptevent e
                          WHERE e.attempt_id = t.id AND e.state = 'succeeded'
                            AND e.outcome IN ('credited', 'accepted'))
    """,
    "success announced = credited or in review": """
        SELECT t.reference, t.amount, 0
        FROM payments_paymentattempt t JOIN payments_attemptevent e ON e.attempt_id = t.id
        WHERE e.state = 'succeeded' AND t.state NOT IN ('succeeded', 'review')
        GROUP BY t.id
    """,
    "one receipt for each payment": """
        SELECT 'payment ' || p.id, 1, count(r.id)
        FROM payments_payment p LEFT JOIN payments_receipt r ON r.payment_id = p.id
        GROUP BY p.id HAVING count(r.id) <> 1
    """,
    "receipt numbers without gap": """
        SELECT s.prefix || '-' || s.year || ' ' || s.company_id, s.last, count(r.id)
        FROM invoicing_numberseries s LEFT JOIN payments_receipt r
            ON r.company_id = s.company_id AND r.number LIKE s.prefix || '-' || s.year || '-%'
        WHERE s.prefix = 'REC'
        GROUP BY s.id HAVING s.last <> count(r.id)
    """,
    "invoice adjusted = its adjustments": """
        SELECT coalesce(nullif(i.number, ''), 'draft ' || i.id),
               coalesce(sum(a.amount), 0)::bigint, i.amount_adjusted
        FROM invoicing_invoice i LEFT JOIN invoicing_adjustment a ON a.invoice_id = i.id
        GROUP BY i.id HAVING i.amount_adjusted <> coalesce(sum(a.amount), 0)
    """,
    "invoice credited = its credit notes": """
        SELECT coalesce(nullif(i.number, ''), 'draft ' || i.id),
               coalesce(sum(n.total + n.total_added), 0)::bigint, i.amount_credited
        FROM invoicing_invoice i
        LEFT JOIN invoicing_creditnote n ON n.invoice_id = i.id AND n.status = 'issued'
        GROUP BY i.id HAVING i.amount_credited <> coalesce(sum(n.total + n.total_added), 0)
    """,
    "never more paid than asked": """
        SELECT i.number, i.total + i.total_added - i.amount_credited - i.amount_adjusted,
               i.amount_paid
        FROM invoicing_invoice i
        WHERE i.amount_paid > i.total + i.total_added - i.amount_credited - i.amount_adjusted
    """,
    "refund done by a provider = its row": """
        SELECT 'order ' || o.id, o.amount, coalesce(r.amount, 0)
        FROM payments_refundorder o LEFT JOIN payments_refund r ON r.id = o.refund_id
        WHERE (o.state = 'done') <> (r.id IS NOT NULL)
           OR (r.id IS NOT NULL AND (r.amount <> o.amount OR r.payment_id <> o.payment_id))
    """,
    "nothing given back above what came": """
        SELECT 'payment ' || p.id, p.amount, sum(r.amount)::bigint
        FROM payments_payment p JOIN payments_refund r ON r.payment_id = p.id
        GROUP BY p.id HAVING sum(r.amount) > p.amount OR bool_or(r.currency <> p.currency)
    """,
    "confirmed declaration = its payment": """
        SELECT 'declaration ' || d.id, d.client_id, coalesce(p.client_id, 0)
        FROM payments_transferdeclaration d LEFT JOIN payments_payment p ON p.id = d.payment_id
        WHERE (d.state = 'confirmed') <> (p.id IS NOT NULL) OR p.client_id <> d.client_id
    """,
    "nothing paid on a draft": """
        SELECT 'draft ' || i.id, 0, i.amount_paid
        FROM invoicing_invoice i WHERE i.status = 'draft' AND i.amount_paid <> 0
    """,
}


def add_rules(rules: dict[str, str]) -> None:
    """Let a module above prove its own sums with ours: SQL that answers rows that differ."""
    RULES.update(rules)


def find_differences() -> list[Difference]:
    """Compare the ledger, the invoices and the providers' settlements; run in the team's scope."""
    found = []
    with connection.cursor() as cursor:
        for rule, sql in RULES.items():
            cursor.execute(sql)
            found += [Difference(rule, *row) for row in cursor.fetchall()]
    return found
