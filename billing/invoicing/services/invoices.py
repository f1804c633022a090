"""What happens to an invoice: issued, sent, seen."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from billing.invoicing import signals
from billing.invoicing.models import Invoice, InvoiceEvent, NumberSeries
from billing.invoicing.recipients import billing_addresses
from billing.invoicing.services.deductions import live_deductions
from billing.invoicing.services.issuing import ISSUED_FIELDS, CannotIssue, check_lines, freeze
from billing.invoicing.services.refusal import Refused
from core.access.grants import holders
from core.access.roles import Grant
from core.audit.log import record
from core.live.publishing import tell
from core.money import format_amount
from core.notify.announcing import announce
from core.outbox.services import owe

PDF_TOPIC = "invoice_pdf"
MAIL_TOPIC = "invoice_mail"


class CannotSend(Refused):
    """The invoice is not out, or nobody would receive it."""


def locked_invoice(invoice: Invoice) -> Invoice:
    """Read an invoice again and hold it until the transaction ends."""
    rows = Invoice.objects.select_for_update(of=("self",))
    return rows.select_related("company", "client").get(pk=invoice.pk)


@transaction.atomic
def issue_invoice(
    *,
    invoice: Invoice,
    on: date,
    at: datetime,
    actor: Any,
    version: int | None = None,
    seen: int | None = None,
) -> Invoice:
    """Number an invoice, freeze it, and have its PDF made; send it if the company says so.

    `version` is the draft that the person saw, and `seen` the net to pay they read, in units of
    its currency: another one is refused.

    :raises CannotIssue: if it is no draft, bills nothing, breaks a rule, or changed meanwhile.
    """
    invoice = locked_invoice(invoice)
    if invoice.is_locked:
        raise CannotIssue(_("Cette facture est déjà émise."))
    if version is not None and version != invoice.version:
        raise CannotIssue(_("Ce brouillon vient d’être modifié : relisez-le avant de l’émettre."))
    check_lines(invoice, on=on, seen=seen)
    _refuse_deductions(invoice)
    invoice.due_date = invoice.due_date or on + timedelta(days=invoice.company.payment_term_days)
    if invoice.due_date < on:
        raise CannotIssue(_("L’échéance est passée : choisissez une date à venir."))
    freeze(invoice, prefix=NumberSeries.Prefix.INVOICE, on=on, at=at)
    invoice.status = Invoice.Status.ISSUED
    if invoice.amount_due == 0:  # deposits have paid it all
        invoice.settled_at = at
    invoice.save(update_fields=[*ISSUED_FIELDS, "due_date", "settled_at"])
    add_event(invoice, InvoiceEvent.Kind.ISSUED, at=at, actor=actor, amount=invoice.amount_asked)
    changes = {"status": [Invoice.Status.DRAFT, invoice.status], "number": ["", invoice.number]}
    record("invoice_issued", invoice, actor=actor, changes=changes, total=invoice.total)
    owe(PDF_TOPIC, key=f"invoice-pdf:{invoice.pk}", payload=_ids(invoice), client_id=_of(invoice))
    if invoice.company.send_on_issue:
        _owe_sending(invoice, actor)
    _announce_issued(invoice, actor)
    signals.invoice_issued.send(sender=Invoice, invoice=invoice, at=at)
    return invoice


@transaction.atomic
def send_invoice(*, invoice: Invoice, actor: Any) -> None:
    """Owe the client the mail of an issued invoice, with its PDF; sending again is a new mail.

    The worker makes the PDF if it is not there yet, then owes the mail. The invoice is « sent »
    from that moment: `sent_at` and the event say when its mail was ready to leave.

    :raises CannotSend: if the invoice is not out, or the client has no address.
    """
    invoice = locked_invoice(invoice)
    if invoice.status != Invoice.Status.ISSUED:
        raise CannotSend(_("Seule une facture émise peut être envoyée."))
    if not billing_addresses(invoice.client):
        raise CannotSend(_("Ce client n’a pas d’adresse e-mail de facturation."))
    if _owe_sending(invoice, actor):
        record("invoice_sending", invoice, actor=actor)


@transaction.atomic
def mark_sent(*, invoice: Invoice, at: datetime, actor: Any, detail: str = "") -> None:
    """Note that an issued invoice was handed over by other means than our mail.

    `detail` says how, such as « WhatsApp ».

    :raises CannotSend: if the invoice is not out.
    """
    invoice = locked_invoice(invoice)
    if invoice.status != Invoice.Status.ISSUED:
        raise CannotSend(_("Seule une facture émise peut être envoyée."))
    note_sent(invoice, at=at, actor=actor, detail=detail)


def note_sent(invoice: Invoice, *, at: datetime, actor: Any, detail: str) -> None:
    """Write on a locked invoice that it was sent; the first time stays its date."""
    invoice.sent_at = invoice.sent_at or at
    invoice.save(update_fields=["sent_at", "updated_at"])
    add_event(invoice, InvoiceEvent.Kind.SENT, at=at, actor=actor, detail=detail)
    record("invoice_sent", invoice, actor=actor, detail=detail)


@transaction.atomic
def mark_seen(*, invoice: Invoice, at: datetime, actor: Any, detail: str = "") -> bool:
    """Remember that the client has opened an invoice; only the first time counts.

    `detail` says how, when nobody was signed in. Tell whether this was the first time.
    """
    seen = Invoice.objects.filter(pk=invoice.pk, seen_at=None).exclude(status=Invoice.Status.DRAFT)
    if not seen.update(seen_at=at):
        return False
    invoice.seen_at = at
    add_event(invoice, InvoiceEvent.Kind.SEEN, at=at, actor=actor, detail=detail)
    record("invoice_seen", invoice, actor=actor)
    return True


def add_event(
    invoice: Invoice,
    kind: str,
    *,
    at: datetime,
    actor: Any = None,
    detail: str = "",
    amount: int | None = None,
) -> InvoiceEvent:
    """Write one step of an invoice’s life and tell open pages; `amount` in its currency’s units."""
    tell("invoices", client_id=invoice.client_id, row=invoice.pk)
    return InvoiceEvent.objects.create(
        client_id=invoice.client_id,
        invoice=invoice,
        kind=kind,
        actor=actor if actor is not None and actor.is_authenticated else None,
        detail=detail[:200],
        amount=amount,
        happened_at=at,
    )


def _owe_sending(invoice: Invoice, actor: Any) -> bool:
    """Owe one sending more than there were: two clicks on one page owe the same one."""
    rank = invoice.events.filter(kind=InvoiceEvent.Kind.SENT).count() + 1
    key = f"invoice-mail:{invoice.pk}:{rank}"
    payload = {**_ids(invoice), "actor_id": getattr(actor, "pk", None), "key": key}
    return owe(MAIL_TOPIC, key=key, payload=payload, client_id=_of(invoice)) is not None


def _refuse_deductions(invoice: Invoice) -> None:
    """Refuse a final invoice one of whose deposits another one took meanwhile."""
    for row in invoice.deductions.select_related("deposit"):
        other = live_deductions(row.deposit).filter(final__status=Invoice.Status.ISSUED).first()
        if other is not None:
            raise CannotIssue(
                _("L’acompte %(number)s est déjà déduit de %(final)s.")
                % {"number": row.deposit.number, "final": other.final}
            )


def _announce_issued(invoice: Invoice, actor: Any) -> None:
    """Tell the people of the client in their space; the mail leaves when the invoice is sent."""
    text = _lazy("Nouvelle facture {number} : {amount}")
    amount = format_amount(invoice.amount_asked, invoice.currency)
    announce(
        "invoice_issued",
        client_id=invoice.client_id,
        to=holders(Grant.VIEW_BILLING, invoice.client_id),
        text=format_lazy(text, number=invoice.number, amount=amount),
        url=reverse("invoicing:invoice", args=[invoice.number]),
        key=str(invoice.pk),
        actor=actor,
    )


def _ids(invoice: Invoice) -> dict[str, int]:
    return {"invoice_id": invoice.pk}


def _of(invoice: Invoice) -> int:
    return invoice.client_id
