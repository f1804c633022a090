"""Correcting an invoice: by a credit note, in full or in part. Nothing else corrects it."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from billing.invoicing import signals
from billing.invoicing.models import (
    CreditNote,
    CreditNoteLine,
    Invoice,
    InvoiceEvent,
    NumberSeries,
)
from billing.invoicing.services.credit_plans import (
    Bases,
    CannotCredit,
    CreditPlan,
    plan_credit,
    rows_of,
)
from billing.invoicing.services.deductions import live_deductions
from billing.invoicing.services.drafts import COPIED
from billing.invoicing.services.invoices import add_event, locked_invoice
from billing.invoicing.services.issuing import ISSUED_FIELDS, CannotIssue, freeze
from billing.invoicing.sums import compute, lines_of, set_sums, terms_of
from core.audit.log import record
from core.live.publishing import tell
from core.outbox.services import owe

PDF_TOPIC = "credit_note_pdf"
TERMS = ("discount_percent", "discount_amount", "price_includes_vat")
Kind = InvoiceEvent.Kind


@transaction.atomic
def cancel_invoice(
    *, invoice: Invoice, reason: str, on: date, at: datetime, actor: Any
) -> CreditNote:
    """Cancel an invoice by a credit note on all that is left of it.

    :raises CannotCredit: if it is not out, or no reason is given.
    """
    return issue_credit_note(invoice=invoice, reason=reason, on=on, at=at, actor=actor)


@transaction.atomic
def issue_credit_note(
    *,
    invoice: Invoice,
    reason: str,
    on: date,
    at: datetime,
    actor: Any,
    bases: Bases | None = None,
    quantities: Mapping[int, Decimal] | None = None,
    seen: int | None = None,
) -> CreditNote:
    """Issue a credit note on an invoice; crediting all of it cancels it.

    `bases` says how much HT to credit per VAT rate, in whole units of the currency, and
    `quantities` how many units per line (by its id); without both, all that is left. VAT follows
    what was credited so far, so that the last one closes exactly. Money paid that the invoice no
    longer needs goes to the client's credit. `seen` is the TTC that the person read.

    :raises CannotCredit: if the invoice is not out, no reason is given, the sum is above what is
        left, a final invoice deducts this deposit, or an adjustment covers what is credited.
    """
    invoice = locked_invoice(invoice)
    reason = reason.strip()
    _refuse_invoice(invoice)
    if not reason:
        raise CannotCredit(_("Indiquez le motif de l’avoir."))
    plan = plan_credit(invoice, bases=bases, quantities=quantities)
    if seen is not None and seen != plan.asked:
        raise CannotCredit(_("La facture a changé entre-temps : relisez l’avoir."))
    _free_surplus(invoice, plan, at=at, actor=actor)
    note = _draft(plan, reason)
    return _issue(note, invoice, on=on, at=at, actor=actor)


def _refuse_invoice(invoice: Invoice) -> None:
    if invoice.status != Invoice.Status.ISSUED:
        raise CannotCredit(_("Seule une facture émise peut recevoir un avoir."))
    final = live_deductions(invoice).filter(final__status=Invoice.Status.ISSUED).first()
    if final is not None:
        raise CannotCredit(
            _("Cet acompte est déduit de la facture %(number)s : corrigez d’abord celle-ci.")
            % {"number": final.final.number}
        )


def _free_surplus(invoice: Invoice, plan: CreditPlan, *, at: datetime, actor: Any) -> None:
    """Have the money that the invoice no longer needs put to the client's credit."""
    if not plan.surplus:
        return
    signals.invoice_overpaid.send(
        sender=Invoice, invoice=invoice, amount=plan.surplus, at=at, actor=actor
    )
    invoice.refresh_from_db(fields=["amount_paid", "settled_at", "updated_at"])
    if not plan.surplus:
        return
    if invoice.amount_adjusted:
        raise CannotCredit(
            _("Une retenue, une perte ou un écart couvre une partie de cette somme : annulez-le.")
        )
    raise CannotCredit(
        _("Cette facture a été payée, au moins en partie : remboursez d’abord le client.")
    )


def _draft(plan: CreditPlan, reason: str) -> CreditNote:
    """Save the note as a draft with its lines: the invoice’s when it takes it whole."""
    invoice = plan.invoice
    note = CreditNote(
        company=invoice.company,
        client=invoice.client,
        project_id=invoice.project_id,
        invoice=invoice,
        subject=invoice.subject,
        currency=invoice.currency,
        exchange_rate=invoice.exchange_rate,
        reason=reason,
    )
    set_sums(note, plan.groups, plan.taxes)
    rows = rows_of(plan)
    if plan.is_whole:
        for name in TERMS:
            setattr(note, name, getattr(invoice, name))
        rows = [
            {"source": line, **{name: getattr(line, name) for name in COPIED}}
            for line in lines_of(invoice)
        ]
    note.save()
    lines = [CreditNoteLine(**row, credit_note=note, client_id=note.client_id) for row in rows]
    for line, total in zip(lines, compute(lines, terms_of(note)).lines, strict=True):
        line.net = total.net
    CreditNoteLine.objects.bulk_create(lines)
    return note


def _issue(note: CreditNote, invoice: Invoice, *, on: date, at: datetime, actor: Any) -> CreditNote:
    before = {"amount_credited": invoice.amount_credited, "status": invoice.status}
    try:
        freeze(note, prefix=NumberSeries.Prefix.CREDIT_NOTE, on=on, at=at)
    except CannotIssue as refusal:
        raise CannotCredit(refusal.message) from refusal
    note.status = CreditNote.Status.ISSUED
    note.save(update_fields=ISSUED_FIELDS)
    asked = note.total + note.total_added
    invoice.amount_credited += asked
    _close(invoice, at)
    invoice.save(update_fields=["amount_credited", "status", "settled_at", "updated_at"])
    add_event(invoice, Kind.CREDITED, at=at, actor=actor, detail=note.number, amount=asked)
    if invoice.status == Invoice.Status.CANCELLED:
        add_event(invoice, Kind.CANCELLED, at=at, actor=actor, detail=note.reason[:200])
    after = {"amount_credited": invoice.amount_credited, "status": invoice.status}
    changes = {name: [before[name], after[name]] for name in after if after[name] != before[name]}
    record("invoice_credited", invoice, actor=actor, changes=changes, credit_note=note.number)
    record("credit_note_issued", note, actor=actor, invoice=invoice.number, total=note.total)
    owe(
        PDF_TOPIC,
        key=f"credit-note-pdf:{note.pk}",
        payload={"credit_note_id": note.pk},
        client_id=note.client_id,
    )
    signals.invoice_credited.send(sender=Invoice, invoice=invoice, credit_note=note, at=at)
    tell("invoices", client_id=invoice.client_id, row=invoice.pk)
    return note


def _close(invoice: Invoice, at: datetime) -> None:
    """Cancel an invoice credited whole; settle one whose rest was credited."""
    if invoice.amount_credited == invoice.amount_asked:
        invoice.status = Invoice.Status.CANCELLED
    elif invoice.amount_due == 0:
        invoice.settled_at = at
