"""The thread of an invoice: what happened to it, in the client’s words, newest first."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from billing.invoicing.models import Invoice, InvoiceEvent
from core.money import format_amount
from core.ui.formats import date_long

Kind = InvoiceEvent.Kind


@dataclass(frozen=True)
class Step:
    """One node of the thread; the current one has no moment yet."""

    title: str
    at: datetime | None = None
    note: str = ""
    is_current: bool = False


def invoice_steps(invoice: Invoice, today: date) -> list[Step]:
    """Return the steps of an invoice; what is awaited now comes first."""
    events = invoice.events.select_related("actor").order_by("-happened_at", "-pk")
    steps = [_step(event, invoice.currency) for event in events]
    if invoice.amount_due > 0:
        steps.insert(0, _awaited(invoice, today))
    return steps


def _awaited(invoice: Invoice, today: date) -> Step:
    if invoice.total_withheld and invoice.amount_payable_now <= 0:
        return Step(_("En attente de votre attestation de retenue"), is_current=True)
    note = ""
    if invoice.due_date:
        day = date_long(invoice.due_date)
        is_late = invoice.is_overdue(today)
        note = (_("Échéance passée : %(day)s") if is_late else _("Échéance : %(day)s")) % {
            "day": day
        }
    return Step(_("En attente de votre paiement"), note=note, is_current=True)


def _step(event: InvoiceEvent, currency: str) -> Step:
    return Step(event_title(event, currency), at=event.happened_at, note=_note(event))


def event_title(event: InvoiceEvent, currency: str) -> str:
    """Say what happened, in a few words; the event's actor must be read with it for « seen »."""
    amount = format_amount(event.amount or 0, currency)
    titles: dict[str, Any] = {
        Kind.ISSUED: _("Facture émise"),
        Kind.SENT: _("Facture envoyée"),
        Kind.SEEN: _("Consultée par %(name)s") % {"name": event.actor}
        if event.actor
        else _("Facture consultée"),
        Kind.REMINDED: _("Rappel envoyé"),
        Kind.PAYMENT: _("Paiement reçu : %(amount)s") % {"amount": amount},
        Kind.REFUNDED: _("Remboursement : %(amount)s") % {"amount": amount},
        Kind.SETTLED: _("Facture réglée en totalité"),
        Kind.CREDITED: _("Avoir %(number)s : %(amount)s")
        % {"number": event.detail, "amount": amount},
        Kind.CANCELLED: _("Facture annulée"),
        Kind.ADJUSTED: _("%(what)s : %(amount)s") % {"what": event.detail, "amount": amount},
    }
    return titles[event.kind]


def _note(event: InvoiceEvent) -> str:
    """Return what else to say: the means of a payment, the reason of a cancellation."""
    if event.kind == Kind.SENT:
        return _("À %(addresses)s") % {"addresses": event.detail} if "@" in event.detail else ""
    return "" if event.kind in (Kind.CREDITED, Kind.ADJUSTED) else event.detail
