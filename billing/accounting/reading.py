"""Reading what happened from billing, as facts. Rows come in chunks; each chunk asks a few queries.

Callers are in the team's scope.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from billing.accounting.chart import RECEIVABLE, Use
from billing.accounting.facts import (
    AdjustmentFact,
    AllocationFact,
    CreditNoteFact,
    Deduction,
    InvoiceFact,
    Part,
    Party,
    PaymentFact,
    RefundFact,
    SaleLine,
    Till,
)
from billing.accounting.models import EntryLine
from billing.accounting.sheets import EURO
from billing.invoicing.models import Adjustment, CreditNote, DepositDeduction, Invoice, InvoiceLine
from billing.payments.models import Allocation, Payment, Refund
from core.accounts.models import Client
from core.accounts.models.companies import VatCode

Event = tuple[str, int]  # ("allocation", 12)


def party_of(client: Client) -> Party:
    """Return a client as entries name it."""
    return Party(
        client_id=client.pk,
        code=client.account_code or f"C{client.pk}",
        name=client.name,
        is_public=client.sector == Client.Sector.PUBLIC,
        country=client.country,
    )


@dataclass(frozen=True)
class Ledger:
    """Invoices as facts, and what was open on each just before every event."""

    invoices: dict[int, InvoiceFact]
    before: dict[Event, tuple[int, int]]  # event → (invoice, what was open before it)

    def part(self, event: Event, amount: int) -> Part:
        """Return what an event takes off its invoice."""
        invoice_id, before = self.before[event]
        return Part(self.invoices[invoice_id], amount, before)


def invoice_facts(rows: Sequence[Invoice]) -> list[InvoiceFact]:
    """Return issued invoices as facts, with what their entries say when they are posted."""
    ids = [row.pk for row in rows]
    lines = _grouped(InvoiceLine.objects.filter(invoice_id__in=ids).order_by("pk"), "invoice_id")
    taken = _grouped(DepositDeduction.objects.filter(final_id__in=ids).order_by("pk"), "final_id")
    deposits = [row.deposit_id for group in taken.values() for row in group]
    posted = _posted([*ids, *deposits])
    return [_invoice_fact(row, lines[row.pk], taken[row.pk], posted) for row in rows]


def read_ledger(invoice_ids: Iterable[int]) -> Ledger:
    """Read some invoices and everything that ever lowered what they ask, in order of time."""
    ids = sorted(set(invoice_ids))
    rows = Invoice.objects.filter(pk__in=ids).select_related("client")
    facts = {fact.id: fact for fact in invoice_facts(list(rows.defer("client__search_vector")))}
    events = sorted(_events(ids))
    left = {invoice_id: fact.asked for invoice_id, fact in facts.items()}
    before: dict[Event, tuple[int, int]] = {}
    for _at, kind, pk, invoice_id, amount in events:
        before[kind, pk] = (invoice_id, left[invoice_id])
        left[invoice_id] -= amount
    return Ledger(facts, before)


def credit_note_facts(rows: Sequence[CreditNote]) -> list[CreditNoteFact]:
    """Return issued credit notes as facts."""
    ledger = read_ledger(row.invoice_id for row in rows)
    facts = []
    for row in rows:
        part = ledger.part(("credit_note", row.pk), row.total + row.total_added)
        invoice = part.invoice
        facts.append(
            CreditNoteFact(
                id=row.pk,
                number=row.number,
                on=_day(row.issue_date),
                part=part,
                net=row.total_net,
                vat=row.total_vat,
                added=row.total_added,
                is_whole=(row.total, row.total_added) == (invoice.total, invoice.added),
            )
        )
    return facts


def payment_facts(rows: Sequence[Payment]) -> list[PaymentFact]:
    """Return payments as facts, each with what it paid on the spot."""
    paid = _grouped(
        Allocation.objects.filter(
            payment_id__in=[row.pk for row in rows], kind=Allocation.Kind.PAYMENT
        ).order_by("pk"),
        "payment_id",
    )
    ledger = read_ledger(row.invoice_id for group in paid.values() for row in group)
    facts = []
    for row in rows:
        parts = tuple(ledger.part(("allocation", one.pk), one.amount) for one in paid[row.pk])
        facts.append(
            PaymentFact(
                id=row.pk,
                number=_receipt_of(row),
                on=row.received_on,
                party=party_of(row.client),
                till=_till_of(row),
                amount=row.amount,
                parts=parts,
                currency=row.currency,
                exchange_rate=_rate_of(row.currency, parts, row.client_id),
            )
        )
    return facts


def refund_facts(rows: Sequence[Refund]) -> list[RefundFact]:
    """Return refunds as facts; the rows they took back were written at the same moment."""
    back = _grouped(
        Allocation.objects.filter(
            payment_id__in=[row.payment_id for row in rows], kind=Allocation.Kind.RETURN
        ).order_by("pk"),
        "payment_id",
    )
    ledger = read_ledger(row.invoice_id for group in back.values() for row in group)
    facts = []
    for row in rows:
        mine = [one for one in back[row.payment_id] if one.created_at == row.recorded_at]
        parts = tuple(ledger.part(("allocation", one.pk), one.amount) for one in mine)
        facts.append(
            RefundFact(
                id=row.pk,
                number=f"RBT{row.pk}",
                on=row.refunded_on,
                party=party_of(row.payment.client),
                till=_till_of(row.payment),
                amount=row.amount,
                parts=parts,
                currency=row.currency,
                exchange_rate=_rate_of(row.currency, parts, row.client_id),
                is_reversal=getattr(row, "kind", "") == "reversal",
            )
        )
    return facts


def allocation_facts(rows: Sequence[Allocation]) -> list[AllocationFact]:
    """Return moves without money as facts: credit used or freed, roundings and their undoing."""
    ledger = read_ledger(row.invoice_id for row in rows)
    return [
        AllocationFact(
            id=row.pk,
            on=row.created_at.date(),
            is_rounding="rounding" in row.kind,
            part=ledger.part(("allocation", row.pk), row.amount),
        )
        for row in rows
    ]


def adjustment_facts(rows: Sequence[Adjustment]) -> list[AdjustmentFact]:
    """Return adjustments as facts."""
    ledger = read_ledger(row.invoice_id for row in rows)
    return [
        AdjustmentFact(
            id=row.pk,
            on=row.dated_on,
            kind=row.kind,
            reference=row.reference,
            part=ledger.part(("adjustment", row.pk), row.amount),
        )
        for row in rows
    ]


def _invoice_fact(
    row: Invoice,
    lines: Sequence[InvoiceLine],
    taken: Sequence[DepositDeduction],
    posted: dict[tuple[int, str], EntryLine],
) -> InvoiceFact:
    client = posted.get((row.pk, Use.CLIENT)) or posted.get((row.pk, Use.PUBLIC_CLIENT))
    waiting = posted.get((row.pk, Use.VAT_WAITING))
    put = 0 if waiting is None else waiting.credit
    return InvoiceFact(
        id=row.pk,
        number=row.number,
        on=_day(row.issue_date),
        due_on=row.due_date,
        party=party_of(row.client),
        lines=tuple(
            SaleLine(
                net=line.net,
                rate=Decimal(line.vat_rate),
                text=f"{line.section} {line.label}",
                is_export=line.vat_code == VatCode.EXPORT,
            )
            for line in lines
        ),
        vat=tuple((Decimal(group["rate"]), group["vat"]) for group in row.vat_groups),
        total=row.total,
        added=row.total_added,
        is_deposit=row.kind == Invoice.Kind.DEPOSIT,
        deductions=tuple(
            Deduction(one.deposit_id, one.net, _named(posted.get((one.deposit_id, Use.DEPOSIT))))
            for one in taken
        ),
        currency=row.currency,
        exchange_rate=row.exchange_rate or (EURO if row.currency == "EUR" else None),
        account=_named(client),
        waiting=put if waiting is None or waiting.foreign is None else waiting.foreign,
        waiting_base=put,
    )


def _posted(ids: Sequence[int]) -> dict[tuple[int, str], EntryLine]:
    """Return lines of the entries of invoices, by (invoice, use)."""
    rows = EntryLine.objects.filter(
        entry__kind="invoice",
        entry__source_id__in=ids,
        use__in=[*RECEIVABLE, Use.VAT_WAITING, Use.DEPOSIT],
    )
    found: dict[tuple[int, str], EntryLine] = {}
    for row in rows.select_related("entry").order_by("-pk"):
        if row.use != Use.DEPOSIT or row.credit:
            found[row.entry.source_id, row.use] = row
    return found


def _events(ids: Sequence[int]) -> list[tuple]:
    """Return (moment, kind, id, invoice, amount) of all that lowered some invoices."""
    columns = ("pk", "invoice_id", "amount")
    rows: list[tuple] = []
    allocations = Allocation.objects.filter(invoice_id__in=ids)
    for at, pk, invoice_id, amount in allocations.values_list("created_at", *columns):
        rows.append((at, "allocation", pk, invoice_id, amount))
    adjustments = Adjustment.objects.filter(invoice_id__in=ids)
    for at, pk, invoice_id, amount in adjustments.values_list("recorded_at", *columns):
        rows.append((at, "adjustment", pk, invoice_id, amount))
    notes = CreditNote.objects.filter(invoice_id__in=ids, status=CreditNote.Status.ISSUED)
    values = notes.values_list("issued_at", "pk", "invoice_id", "total", "total_added")
    for at, pk, invoice_id, total, added in values:
        rows.append((at, "credit_note", pk, invoice_id, total + added))
    return rows


def _rate_of(currency: str, parts: Sequence[Part], client_id: int) -> Decimal | None:
    """Return the rate of money in a currency: of what it paid, else of the last invoice."""
    for part in parts:
        if part.invoice.exchange_rate is not None:
            return part.invoice.exchange_rate
    if currency == "EUR":
        return EURO
    rows = Invoice.objects.filter(client_id=client_id, currency=currency)
    last = rows.exclude(exchange_rate=None).order_by("-issue_date", "-pk").first()
    return last.exchange_rate if last else None


def _till_of(payment: Payment) -> Till:
    account = getattr(payment, "account", None)
    return Till(payment.method, payment.provider or (account.kind if account else ""))


def _receipt_of(payment: Payment) -> str:
    receipt = getattr(payment, "receipt", None)
    return receipt.number if receipt else f"P{payment.pk}"


def _named(line: EntryLine | None) -> tuple[str, str] | None:
    return (line.account, line.account_label) if line else None


def _grouped(rows: Iterable[Any], key: str) -> defaultdict[int, list[Any]]:
    groups: defaultdict[int, list[Any]] = defaultdict(list)
    for row in rows:
        groups[getattr(row, key)].append(row)
    return groups


def _day(value: date | None) -> date:
    if value is None:
        raise ValueError("an issued paper has its day")
    return value
