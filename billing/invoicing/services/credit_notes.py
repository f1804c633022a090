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
from billing.invoicing.portions import ExceedsInvoice, credit_group
from billing.invoicing.services.deductions import credited_groups, left_groups
from billing.invoicing.services.drafts import COPIED
from billing.invoicing.services.invoices import add_event, locked_invoice
from billing.invoicing.services.issuing import ISSUED_FIELDS, CannotIssue, freeze
from billing.invoicing.services.refusal import Refused
from billing.invoicing.sums import compute, kept_groups, lines_of, set_sums, terms_of
from billing.invoicing.totals import VatGroup, VatKey
from core.audit.log import record
from core.outbox.services import owe

PDF_TOPIC = "credit_note_pdf"
Kind = InvoiceEvent.Kind


class CannotCredit(Refused):
    """The invoice is not out, or less is left of it than the credit note asks."""


@transaction.atomic
def cancel_invoice(
    *, invoice: Invoice, reason: str, on: date, at: datetime, actor: Any
) -> CreditNote:
    """Cancel an invoice by a credit note on all that is left of it.

    :raises CannotCredit: if it is not out, was paid (even in part), or no reason is given.
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
    bases: Mapping[Decimal | VatKey, int] | None = None,
) -> CreditNote:
    """Issue a credit note on an invoice; crediting all of it cancels it.

    `bases` says how much HT to credit per VAT rate, in whole units of the currency; without it,
    all that is left. VAT follows what was credited so far, so that the last one closes exactly.

    :raises CannotCredit: if the invoice is not out, no reason is given, the sum is above what is
        left, or above what is due: money received is given back first.
    """
    invoice = locked_invoice(invoice)
    reason = reason.strip()
    if invoice.status != Invoice.Status.ISSUED:
        raise CannotCredit(_("Seule une facture émise peut recevoir un avoir."))
    if not reason:
        raise CannotCredit(_("Indiquez le motif de l’avoir."))
    groups = _groups(invoice, bases)
    note = CreditNote(
        company=invoice.company,
        client=invoice.client,
        project_id=invoice.project_id,
        invoice=invoice,
        subject=invoice.subject,
        currency=invoice.currency,
        reason=reason,
    )
    set_sums(note, groups)
    _refuse_sum(invoice, note.total)
    is_first = not invoice.amount_credited
    _fill(note, invoice, groups, is_whole=is_first and note.total == invoice.total)
    return _issue(note, invoice, on=on, at=at, actor=actor)


def _groups(invoice: Invoice, bases: Mapping[Decimal | VatKey, int] | None) -> list[VatGroup]:
    taken = credited_groups(invoice)
    invoiced = {group.key: group for group in kept_groups(invoice)}
    if bases is None:
        asked = {group.key: group.base for group in left_groups(invoice)}
    else:
        asked = {_key(rate, invoiced): base for rate, base in bases.items()}
    try:
        groups = [
            credit_group(invoiced[key], taken.get(key, ()), base) for key, base in asked.items()
        ]
    except ExceedsInvoice as refusal:
        raise CannotCredit(_(refusal.message)) from refusal
    return [group for group in groups if group.base or group.vat]


def _key(rate: Decimal | VatKey, invoiced: Mapping[VatKey, VatGroup]) -> VatKey:
    """Return the group of an invoice that a rate names, with its nature or without."""
    fitting = [key for key in invoiced if rate in (key, key[0])]
    if len(fitting) != 1:
        raise CannotCredit(_("Cette facture n’a pas de ligne à ce taux de TVA."))
    return fitting[0]


def _refuse_sum(invoice: Invoice, total: int) -> None:
    if total <= 0:
        raise CannotCredit(_("Il n’y a rien à créditer."))
    if total > invoice.amount_due:
        raise CannotCredit(
            _("Cette facture a été payée, au moins en partie : remboursez d’abord le client.")
        )


def _fill(note: CreditNote, invoice: Invoice, groups: list[VatGroup], *, is_whole: bool) -> None:
    """Save the note as a draft with its lines: the invoice’s when it takes it whole."""
    if is_whole:
        for name in ("discount_percent", "discount_amount", "price_includes_vat"):
            setattr(note, name, getattr(invoice, name))
        rows = [{name: getattr(line, name) for name in COPIED} for line in lines_of(invoice)]
    else:
        label = _("Avoir sur la facture %(number)s") % {"number": invoice.number}
        rows = [
            {
                "label": label,
                "unit_price": Decimal(group.base),
                "vat_rate": group.rate,
                "vat_code": group.code,
            }
            for group in groups
        ]
    note.save()
    lines = [CreditNoteLine(**row, credit_note=note, client_id=note.client_id) for row in rows]
    for line, total in zip(lines, compute(lines, terms_of(note)).lines, strict=True):
        line.net = total.net
    CreditNoteLine.objects.bulk_create(lines)


def _issue(note: CreditNote, invoice: Invoice, *, on: date, at: datetime, actor: Any) -> CreditNote:
    before = {"amount_credited": invoice.amount_credited, "status": invoice.status}
    try:
        freeze(note, prefix=NumberSeries.Prefix.CREDIT_NOTE, on=on, at=at)
    except CannotIssue as refusal:
        raise CannotCredit(refusal.message) from refusal
    note.status = CreditNote.Status.ISSUED
    note.save(update_fields=ISSUED_FIELDS)
    invoice.amount_credited += note.total + note.total_added
    _close(invoice, at)
    invoice.save(update_fields=["amount_credited", "status", "settled_at", "updated_at"])
    add_event(invoice, Kind.CREDITED, at=at, actor=actor, detail=note.number, amount=note.total)
    if invoice.status == Invoice.Status.CANCELLED:
        add_event(invoice, Kind.CANCELLED, at=at, actor=actor, detail=note.reason)
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
    return note


def _close(invoice: Invoice, at: datetime) -> None:
    """Cancel an invoice credited whole; settle one whose rest was credited."""
    if invoice.amount_credited == invoice.amount_asked:
        invoice.status = Invoice.Status.CANCELLED
    elif invoice.amount_due == 0:
        invoice.settled_at = at
