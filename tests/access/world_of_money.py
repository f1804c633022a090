"""The rows of billing of a client's world: its papers, money, books, contracts."""

from datetime import timedelta
from hashlib import sha256

from django.db import transaction

from billing.accounting.models import Books, EntryLine, JournalEntry
from billing.analytics.models import ClientVisit
from billing.deals.models import Conversion, DealPayment
from billing.dunning.models import Dispute, DunningNotice, Pause, PaymentPromise
from billing.fiscal.models import Certification, CertificationEvent
from billing.invoicing.models import (
    Adjustment,
    CreditNote,
    CreditNoteLine,
    DepositDeduction,
    Invoice,
    InvoiceEvent,
    InvoiceLine,
    PayLink,
    Quote,
    QuoteAnswer,
    QuoteInstalment,
    QuoteLine,
)
from billing.payments.models import (
    Allocation,
    Anomaly,
    AttemptEvent,
    MoneyAccount,
    Payment,
    PaymentAttempt,
    Receipt,
    Refund,
    RefundOrder,
    TransferDeclaration,
)
from billing.quoting.models import BilledPart, Transformation
from billing.sources.models import (
    BatchItem,
    BilledTime,
    InvoiceBatch,
    OfferedTime,
    RecurringInvoice,
    RecurringLine,
    RecurringPause,
    RecurringRun,
)
from billing.treasury.models import Settlement
from tests.conftest import AT, DUE, ON


def papers_of(client, project, file, person, number, mark):
    """Make an invoice, a quote and a credit note, each issued after its line."""
    facts = {
        "company": client.company,
        "client": client,
        "project": project,
        "subject": f"Objet {mark}",
        "total_net": 100_000,
        "total_vat": 18_000,
        "total": 118_000,
        "vat_groups": [{"rate": "18", "base": 100_000, "vat": 18_000}],
    }
    line = {"label": f"Ligne {mark}", "unit_price": 100_000, "net": 100_000}
    issued = {"issue_date": ON, "issued_at": AT, "pdf_id": file.pk}
    invoice = Invoice.objects.create(**facts)
    invoice_line = InvoiceLine.objects.create(invoice=invoice, **line)
    taken = DepositDeduction.objects.create(
        client=client, final=invoice, deposit=invoice, net=100_000, total=118_000
    )
    _issue(invoice, number=f"FAC-2026-{number}", status="issued", due_date=DUE, **issued)
    quote = Quote.objects.create(**facts)
    quote_line = QuoteLine.objects.create(quote=quote, **line)
    part = QuoteInstalment.objects.create(quote=quote, kind="deposit", label=f"Part {mark}")
    _issue(quote, number=f"DEV-2026-{number}", status="sent", valid_until=DUE, **issued)
    note = CreditNote.objects.create(**facts, invoice=invoice, reason=mark)
    note_line = CreditNoteLine.objects.create(credit_note=note, **line)
    _issue(note, number=f"AVO-2026-{number}", status="issued", **issued)
    event = InvoiceEvent.objects.create(
        client=client, invoice=invoice, kind="issued", actor=person, detail=mark, happened_at=AT
    )
    billed = BilledPart.objects.create(
        client=client, invoice=invoice, instalment=part, billed_at=AT
    )
    work = Transformation.objects.create(client=client, quote=quote, project=project, done_at=AT)
    answer = QuoteAnswer.objects.create(
        client=client,
        quote=quote,
        kind="accepted",
        name=mark,
        statement=mark,
        answered_at=AT,
        pdf_sha256=file.sha256,
        certificate=file,
    )
    link = PayLink.objects.create(
        client=client,
        invoice=invoice,
        nonce=mark,
        token_hash=sha256(f"{mark}-{number}".encode()).hexdigest(),
        created_at=AT,
    )
    notice = DunningNotice.objects.create(
        client=client, invoice=invoice, step="before", amount_due=118_000, created_at=AT
    )
    holds = [
        Dispute.objects.create(client=client, invoice=invoice, reason=mark, opened_at=AT),
        PaymentPromise.objects.create(
            client=client, invoice=invoice, promised_for=DUE, note=mark, made_at=AT
        ),
        Pause.objects.create(client=client, invoice=invoice, until=DUE, reason=mark, made_at=AT),
    ]
    lowered = Adjustment.objects.create(
        client=client,
        invoice=invoice,
        kind="write_off",
        amount=1,
        reason=mark,
        dated_on=ON,
        recorded_at=AT,
    )
    return [
        *(invoice, invoice_line, quote, quote_line, note, note_line, event),
        *(answer, link, notice, *holds, part, billed, work, lowered, taken),
    ]


def sources_of(client, project, invoice, mark):
    """Make a contract, time that is billed or offered, and a batch."""
    schedule = RecurringInvoice.objects.create(
        company=client.company, client=client, subject=f"Contrat {mark}", anchor_date=ON
    )
    line, entry = invoice.lines.get(), project.time_entries.get()
    own = {"client": client}
    batch = InvoiceBatch.objects.create(act="issue", asked_at=AT)
    return [
        schedule,
        RecurringLine.objects.create(schedule=schedule, label=f"Ligne {mark}", unit_price=1),
        RecurringPause.objects.create(**own, schedule=schedule, starts_on=ON, reason=mark),
        RecurringRun.objects.create(
            **own, schedule=schedule, period_start=ON, period_end=ON, invoice=invoice, made_at=AT
        ),
        BilledTime.objects.create(**own, entry=entry, line=line),
        OfferedTime.objects.create(**own, entry=entry, offered_at=AT),
        BatchItem.objects.create(**own, batch=batch, invoice=invoice, version=1),
        ClientVisit.objects.create(client=client, month=ON.replace(day=1), first_at=AT),
    ]


def _issue(paper, **values):
    type(paper).objects.filter(pk=paper.pk).update(**values)
    paper.refresh_from_db()


def fiscal_of(client, invoice, number, mark):
    row = Certification.objects.create(
        client=client, kind="sale", invoice=invoice, number=number, reason=mark, created_at=AT
    )
    event = CertificationEvent.objects.create(
        client=client,
        certification=row,
        kind="asked",
        state=row.state,
        message=mark,
        happened_at=AT,
    )
    return [row, event]


def books_of(client, invoice, mark):
    """Make a balanced entry on an invoice, and return its line of the client."""
    entry = JournalEntry.objects.create(
        books=Books.objects.get_or_create(company=client.company)[0],
        kind="invoice",
        source_id=invoice.pk,
        journal="sales",
        fiscal_year=2026,
        date=ON,
        piece=mark,
        piece_date=ON,
        label=mark,
        total=1000,
        posted_at=AT,
    )
    line = {"entry": entry, "account": "4111", "account_label": mark}
    with transaction.atomic():  # an entry balances at each commit
        EntryLine.objects.create(**line, credit=1000)
        return [EntryLine.objects.create(**line, client=client, invoice=invoice, debit=1000)]


def deals_of(sale, project, papers, attempt):
    """Make what became of a sale: its payment, its project and its quote."""
    client = sale.client
    quote = next(paper for paper in papers if isinstance(paper, Quote))
    return [
        DealPayment.objects.create(
            client=client, opportunity=sale, attempt=attempt, amount=1000, currency="XOF"
        ),
        Conversion.objects.create(
            client=client, opportunity=sale, project=project, quote=quote, done_at=AT
        ),
    ]


def money_of(client, invoice, file, person, number, mark):
    attempt = PaymentAttempt.objects.create(
        client=client,
        invoice=invoice,
        reference=f"NX-{number}-KANARI",
        provider="cinetpay",
        amount=118_000,
        state="pending",
        created_at=AT,
        expires_at=AT + timedelta(days=1),
        last_message=mark,
        started_by=person,
    )
    payment = Payment.objects.create(
        company=client.company,
        client=client,
        method="transfer",
        amount=1000,
        received_on=ON,
        recorded_at=AT,
        note=mark,
    )
    common = {"client": client}
    return [
        attempt,
        AttemptEvent.objects.create(
            **common, attempt=attempt, source="check", message=mark, happened_at=AT
        ),
        payment,
        Allocation.objects.create(
            **common, payment=payment, invoice=invoice, amount=1000, created_at=AT
        ),
        Receipt.objects.create(
            **common,
            company=client.company,
            payment=payment,
            number=f"REC-2026-{number}",
            issue_date=ON,
            pdf=file,
        ),
        Refund.objects.create(
            **common,
            payment=payment,
            amount=500,
            reason=mark,
            idempotency_key=f"refund-{number}",
            refunded_on=ON,
            recorded_at=AT,
        ),
        Anomaly.objects.create(
            **common, key=f"anomaly-{number}", kind="amount", detail=mark, raised_at=AT
        ),
        *_told_and_settled(client, invoice, payment, file, number, mark),
    ]


def _told_and_settled(client, invoice, payment, file, number, mark):
    """Make what a client says to have paid, what was asked back, and what a provider kept."""
    account = MoneyAccount.objects.get_or_create(
        company=client.company, kind="wave", name="Wave", defaults={"is_shown": True}
    )[0]
    return [
        TransferDeclaration.objects.create(
            client=client,
            invoice=invoice,
            account=account,
            amount=1000,
            paid_on=ON,
            reference=mark,
            proof=file,
            declared_at=AT,
        ),
        RefundOrder.objects.create(
            client=client,
            payment=payment,
            amount=100,
            reason=mark,
            idempotency_key=f"order-{number}",
            asked_at=AT,
        ),
        Settlement.objects.create(
            client=client, payment=payment, gross=1000, net=1000, basis="estimated", updated_at=AT
        ),
    ]
