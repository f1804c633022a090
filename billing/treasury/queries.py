"""Questions about where money is: proposals for statements, positions, and more proofs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from billing.dunning.models import PaymentPromise
from billing.invoicing.models import Invoice, Quote
from billing.invoicing.models.invoices import LEFT
from billing.payments.models import (
    MoneyAccount,
    Payment,
    PaymentMethod,
    Refund,
    TransferDeclaration,
)
from billing.treasury.models import Payout, Settlement, StatementLine
from billing.treasury.scores import Money, Movement, Proposal, propose

AROUND = timedelta(days=30)
MOST_MONIES = 5000


def proposals(lines: Sequence[StatementLine]) -> list[Proposal]:
    """Return what open lines of one or several accounts may be, best first for each."""
    found: list[Proposal] = []
    by_account: dict[int, list[StatementLine]] = {}
    for line in lines:
        if line.state == StatementLine.State.OPEN and line.amount > 0:
            by_account.setdefault(line.account_id, []).append(line)
    for mine in by_account.values():
        first = min(line.booked_on for line in mine) - AROUND
        last = max(line.booked_on for line in mine) + AROUND
        monies = money_around(mine[0].account, first, last)
        found += propose([_movement(line) for line in mine], monies)
    return found


def money_around(account: MoneyAccount, first: date, last: date) -> list[Money]:
    """Return money of the account's company that its lines may be, within two days included."""
    return [
        *_payments(account, first, last),
        *_declarations(account, first, last),
        *_payouts(account, first, last),
    ]


def unmatched_payments(account: MoneyAccount, first: date, last: date) -> list[Payment]:
    """Return payments by hand that fit an account and that no line has wholly.

    One that never really came, as a cheque that bounced, is left out.
    """
    rows = Payment.objects.filter(
        _fits(account),
        company_id=account.company_id,
        currency=account.currency,
        provider="",
        received_on__range=(first, last),
    ).exclude(refunds__kind=Refund.Kind.REVERSAL)
    matched = Coalesce(Sum("matches__amount"), 0)
    rows = rows.annotate(matched=matched).filter(matched__lt=F("amount"))
    rows = rows.select_related("client").defer("client__search_vector")
    return list(rows.order_by("-received_on", "-pk")[:MOST_MONIES])


def _fits(account: MoneyAccount) -> Q:
    """Keep payments noted on this account, or on none but of its means."""
    means = {
        MoneyAccount.Kind.BANK: [PaymentMethod.TRANSFER, PaymentMethod.CHEQUE, PaymentMethod.CARD],
        MoneyAccount.Kind.CASH: [PaymentMethod.CASH],
    }.get(MoneyAccount.Kind(account.kind), [PaymentMethod.MOBILE_MONEY])
    return Q(account=account) | Q(account=None, method__in=means)


def _payments(account: MoneyAccount, first: date, last: date) -> list[Money]:
    rows = unmatched_payments(account, first, last)
    numbers: dict[int, list[str]] = {}
    ids = [row.pk for row in rows]
    for payment_id, number in Invoice.objects.filter(allocations__payment__in=ids).values_list(
        "allocations__payment", "number"
    ):
        numbers.setdefault(payment_id, []).append(number)
    return [
        Money(
            kind="payment",
            key=row.pk,
            on=row.received_on,
            left=row.amount - getattr(row, "matched", 0),
            reference=row.provider_reference,
            names=(row.client.name, row.payer_name),
            phone=row.payer_phone,
            numbers=tuple(numbers.get(row.pk, ())),
        )
        for row in rows
    ]


def _declarations(account: MoneyAccount, first: date, last: date) -> list[Money]:
    rows = TransferDeclaration.objects.filter(
        account=account,
        state=TransferDeclaration.State.PENDING,
        currency=account.currency,
        paid_on__range=(first, last),
    ).select_related("invoice", "client")
    return [
        Money(
            kind="declaration",
            key=row.pk,
            on=row.paid_on,
            left=row.amount,
            reference=row.reference,
            names=(row.client.name, row.payer_name),
            phone=row.payer_phone,
            numbers=(row.invoice.number,),
        )
        for row in rows[:MOST_MONIES]
    ]


def _payouts(account: MoneyAccount, first: date, last: date) -> list[Money]:
    rows = Payout.objects.filter(account=account, paid_on__range=(first, last))
    rows = rows.annotate(matched=Coalesce(Sum("matches__amount"), 0))
    return [
        Money("payout", row.pk, row.paid_on, row.amount - row.matched, row.reference)
        for row in rows.filter(matched__lt=F("amount"))[:MOST_MONIES]
    ]


def _movement(line: StatementLine) -> Movement:
    return Movement(line.pk, line.booked_on, line.amount, line.label, line.reference, line.sender)


@dataclass(frozen=True)
class Position:
    """An amount of the treasury page, in whole units, and the rows behind it."""

    label: str
    amount: int
    currency: str
    count: int
    kind: str
    account: MoneyAccount | None = None


def cash_in_hand(today: date) -> list[Position]:
    """Return what each account has received and kept, from its opening balance on.

    Payments by hand noted on the account, less what was given back of them, plus payouts.
    """
    payments = _sums(Payment.objects.filter(provider="", is_test=False, received_on__lte=today))
    returned = _sums(
        Refund.objects.filter(payment__provider="", payment__is_test=False, refunded_on__lte=today),
        "payment__account",
    )
    payouts = _sums(Payout.objects.filter(paid_on__lte=today))
    found = []
    for account in MoneyAccount.objects.filter(is_active=True):
        came, back, sent = (
            rows.get((account.pk, account.currency), (0, 0))
            for rows in (payments, returned, payouts)
        )
        amount = account.opening_balance + came[0] - back[0] + sent[0]
        count = came[1] + sent[1]
        found.append(Position(account.name, amount, account.currency, count, "account", account))
    found += _without_account(payments, returned)
    return found


def _without_account(
    payments: dict[tuple[int | None, str], tuple[int, int]],
    returned: dict[tuple[int | None, str], tuple[int, int]],
) -> list[Position]:
    return [
        Position("", sum_ - returned.get((None, currency), (0, 0))[0], currency, count, "loose")
        for (account_id, currency), (sum_, count) in sorted(payments.items(), key=str)
        if account_id is None
    ]


def _sums(rows: QuerySet, path: str = "account") -> dict[tuple[int | None, str], tuple[int, int]]:
    groups = rows.order_by().values(path, "currency").annotate(sum=Sum("amount"), n=Count("pk"))
    return {(row[path], row["currency"]): (row["sum"], row["n"]) for row in groups}


@dataclass(frozen=True)
class Transit:
    """What providers hold for us of one provider and currency, in whole units."""

    provider: str
    currency: str
    waiting: int  # not available yet
    available: int  # may be paid out
    count: int
    estimated: int  # how many fees are estimates


def in_transit(today: date) -> list[Transit]:
    """Return what was settled and not paid out, less what went back, per provider and currency."""
    rows = Settlement.objects.filter(payout=None, payment__is_test=False)
    refunds = Refund.objects.filter(payment=OuterRef("payment"), refunded_on__lte=today)
    given = refunds.order_by().values("payment").annotate(sum=Sum("amount"))
    rows = rows.annotate(left=F("net") - Coalesce(Subquery(given.values("sum")), 0))
    is_there = Q(available_on__lte=today)
    groups = (
        rows.order_by()
        .values("payment__provider", "currency")
        .annotate(
            there=Coalesce(Sum("left", filter=is_there), 0),
            whole=Sum("left"),
            n=Count("pk"),
            guessed=Count("pk", filter=Q(basis=Settlement.Basis.ESTIMATED)),
        )
        .order_by("payment__provider", "currency")
    )
    return [
        Transit(
            row["payment__provider"],
            row["currency"],
            row["whole"] - row["there"],
            row["there"],
            row["n"],
            row["guessed"],
        )
        for row in groups
    ]


def providers_in_transit() -> list[str]:
    """Return the providers that hold settled money of ours."""
    rows = Settlement.objects.filter(payout=None, payment__is_test=False).order_by()
    return sorted(rows.values_list("payment__provider", flat=True).distinct())


def declared(today: date) -> list[Position]:
    """Return what clients say to have paid and nobody has looked at, per currency."""
    rows = TransferDeclaration.objects.filter(state=TransferDeclaration.State.PENDING)
    groups = rows.order_by().values("currency").annotate(sum=Sum("amount"), n=Count("pk"))
    return [Position("", row["sum"], row["currency"], row["n"], "declared") for row in groups]


def due(today: date) -> list[tuple[str, int, int, int]]:
    """Return (currency, due later, late, invoices) of what is left to pay on invoices."""
    left = LEFT - F("amount_paid")
    rows = Invoice.objects.unpaid().order_by().values("currency")
    groups = rows.annotate(
        late=Coalesce(Sum(left, filter=Q(due_date__lt=today)), 0), whole=Sum(left), n=Count("pk")
    ).order_by("currency")
    return [(row["currency"], row["whole"] - row["late"], row["late"], row["n"]) for row in groups]


def promised(today: date) -> list[Position]:
    """Return what clients have promised to pay on a day, and accepted quotes not yet invoiced."""
    left = F("invoice__total") + F("invoice__total_added") - F("invoice__amount_credited")
    left = left - F("invoice__amount_adjusted") - F("invoice__amount_paid")
    promises = PaymentPromise.objects.filter(state=PaymentPromise.State.OPEN)
    groups = promises.order_by().values(code=F("invoice__currency"))
    found = [
        Position("", row["sum"], row["code"], row["n"], "promise")
        for row in groups.annotate(sum=Sum(left), n=Count("pk")).order_by("code")
    ]
    quotes = Quote.objects.filter(status=Quote.Status.ACCEPTED, invoices=None)
    agreed = quotes.order_by().values(code=F("currency")).annotate(sum=Sum("total"), n=Count("pk"))
    return found + [
        Position("", row["sum"], row["code"], row["n"], "quote") for row in agreed.order_by("code")
    ]


def line_counts() -> dict[str, int]:
    """Return how many lines of statements stand in each state."""
    groups = StatementLine.objects.order_by().values("state").annotate(n=Count("pk"))
    return {row["state"]: row["n"] for row in groups}


RULES = {
    "settlement = its payment": """
        SELECT 'payment ' || p.id, p.amount, s.gross
        FROM treasury_settlement s JOIN payments_payment p ON p.id = s.payment_id
        WHERE s.gross <> p.amount OR s.net + s.fee + s.fee_vat <> s.gross
           OR s.currency <> p.currency OR s.client_id <> p.client_id
    """,
    "payout expected = its settlements": """
        SELECT o.reference, o.expected, coalesce(sum(s.net), 0)::bigint
        FROM treasury_payout o LEFT JOIN treasury_settlement s ON s.payout_id = o.id
        GROUP BY o.id HAVING o.expected <> coalesce(sum(s.net), 0)
    """,
    "line matched = its matches": """
        SELECT 'line ' || l.id, l.amount, coalesce(sum(m.amount), 0)::bigint
        FROM treasury_statementline l LEFT JOIN treasury_linematch m ON m.line_id = l.id
        GROUP BY l.id
        HAVING coalesce(sum(m.amount), 0) <> CASE l.state WHEN 'matched' THEN l.amount ELSE 0 END
    """,
    "nothing matched above a payment": """
        SELECT 'payment ' || p.id, p.amount, sum(m.amount)::bigint
        FROM treasury_linematch m JOIN payments_payment p ON p.id = m.payment_id
        GROUP BY p.id HAVING sum(m.amount) > p.amount
    """,
    "nothing matched above a payout": """
        SELECT o.reference, o.amount, sum(m.amount)::bigint
        FROM treasury_linematch m JOIN treasury_payout o ON o.id = m.payout_id
        GROUP BY o.id HAVING sum(m.amount) > o.amount
    """,
}
