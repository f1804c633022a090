"""What lowers an invoice without money coming in: a certificate, a loss, an exchange rate."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from billing.invoicing import signals
from billing.invoicing.models import Adjustment, Invoice, InvoiceEvent
from billing.invoicing.services.invoices import add_event, locked_invoice
from billing.invoicing.services.refusal import Refused
from core.audit.log import record
from core.files.uploads import Attachment, take
from core.live.publishing import tell
from core.money import format_amount

Kind = Adjustment.Kind
SUMS = ["amount_adjusted", "settled_at", "updated_at"]


class CannotAdjust(Refused):
    """The invoice waits for nothing that could be adjusted so, or words are missing."""


@transaction.atomic
def record_adjustment(
    *,
    invoice: Invoice,
    kind: str,
    amount: int,
    reason: str,
    dated_on: date,
    on: date,
    at: datetime,
    actor: Any,
    reference: str = "",
    files: Sequence[Attachment] = (),
    idempotency_key: str = "",
) -> Adjustment:
    """Lower what an issued invoice waits for, in units of its currency; one key, one adjustment.

    A withholding is backed by its certificate (`reference`, and the first of `files`), dated
    `dated_on`; `on` is today. The last franc settles the invoice.

    :raises CannotAdjust: if the invoice is not out, the amount is above what is due or was to be
        withheld, the date is to come or before the invoice's, or a word is missing.
    """
    invoice = locked_invoice(invoice)
    if told := _told(idempotency_key):
        return told
    _require(invoice, kind, amount, reason, reference)
    if dated_on > on:
        raise CannotAdjust(_("Cette date est à venir."))
    if invoice.issue_date is not None and dated_on < invoice.issue_date:
        raise CannotAdjust(_("Cette date est antérieure à l’émission de la facture."))
    row = _new_row(invoice, kind, amount, reason, reference, dated_on)
    row.file = next(iter(take(files, client_id=invoice.client_id, actor=actor)), None)
    row.recorded_by, row.recorded_at = actor, at
    row.idempotency_key = idempotency_key
    return _write(row, invoice, at=at, actor=actor)


@transaction.atomic
def undo_adjustment(
    *, adjustment: Adjustment, reason: str, on: date, at: datetime, actor: Any
) -> Adjustment:
    """Undo an adjustment by a negative row: what it covered is due again.

    :raises CannotAdjust: if it was undone already, is such a row itself, its invoice was
        cancelled, or no reason is given.
    """
    invoice = locked_invoice(adjustment.invoice)
    if not reason.strip():
        raise CannotAdjust(_("Dites pourquoi."))
    if adjustment.undoes_id or Adjustment.objects.filter(undoes=adjustment).exists():
        raise CannotAdjust(_("Cet ajustement est déjà annulé."))
    if invoice.status != Invoice.Status.ISSUED:
        raise CannotAdjust(_("Cette facture n’est plus en cours."))
    row = _new_row(invoice, adjustment.kind, -adjustment.amount, reason, adjustment.reference, on)
    row.undoes, row.recorded_by, row.recorded_at = adjustment, actor, at
    return _write(row, invoice, at=at, actor=actor)


def adjustments_of(invoice: Invoice) -> list[Adjustment]:
    """Return the adjustments of an invoice, oldest first, each with what undid it (or None)."""
    rows = invoice.adjustments.select_related("file", "recorded_by", "undone_by")
    return list(rows.order_by("pk"))


def _new_row(
    invoice: Invoice, kind: str, amount: int, reason: str, reference: str, dated_on: date
) -> Adjustment:
    """Make the row of what was decided; the caller says by whom, when and with which proof."""
    return Adjustment(
        client_id=invoice.client_id,
        invoice=invoice,
        kind=kind,
        amount=amount,
        reason=reason.strip()[:300],
        reference=reference.strip()[:100],
        dated_on=dated_on,
    )


def _told(key: str) -> Adjustment | None:
    return Adjustment.objects.filter(idempotency_key=key).first() if key else None


def _require(invoice: Invoice, kind: str, amount: int, reason: str, reference: str) -> None:
    if invoice.status != Invoice.Status.ISSUED:
        raise CannotAdjust(_("Seule une facture émise peut être ajustée."))
    most = invoice.amount_due
    if kind == Kind.WITHHELD:
        most = min(most, invoice.withheld_left)
        if not invoice.total_withheld:
            raise CannotAdjust(_("Cette facture ne prévoit pas de retenue à la source."))
        if not reference.strip():
            raise CannotAdjust(_("Indiquez la référence de l’attestation."))
    elif not reason.strip():
        raise CannotAdjust(_("Dites pourquoi."))
    if kind == Kind.EXCHANGE and invoice.currency == invoice.company.currency:
        raise CannotAdjust(_("Cette facture n’est pas en devise étrangère."))
    if most <= 0:
        raise CannotAdjust(_("Il ne reste rien à ajuster sur cette facture."))
    if not 0 < amount <= most:
        raise CannotAdjust(
            _("Le montant va de 1 à %(most)s.") % {"most": format_amount(most, invoice.currency)}
        )


def _write(row: Adjustment, invoice: Invoice, *, at: datetime, actor: Any) -> Adjustment:
    before = invoice.amount_adjusted
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise CannotAdjust(_("Cet ajustement est déjà enregistré.")) from error
    invoice.amount_adjusted += row.amount
    is_settled = invoice.amount_due == 0
    invoice.settled_at = at if is_settled else None
    invoice.save(update_fields=SUMS)
    detail = str(row.get_kind_display())
    if row.undoes_id:
        detail = _("%(what)s, reprise") % {"what": detail}
    add_event(
        invoice,
        InvoiceEvent.Kind.ADJUSTED,
        at=at,
        actor=actor,
        detail=detail[:200],
        amount=row.amount,
    )
    changes = {"amount_adjusted": [before, invoice.amount_adjusted]}
    record("invoice_adjusted", invoice, actor=actor, changes=changes, kind=row.kind)
    if is_settled:
        add_event(invoice, InvoiceEvent.Kind.SETTLED, at=at, actor=actor)
    signals.invoice_adjusted.send(sender=Invoice, invoice=invoice, adjustment=row, at=at)
    tell("invoices", client_id=invoice.client_id, row=invoice.pk)
    return row
