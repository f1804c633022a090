"""Where a quote or an invoice stands, in the client’s words: read from amounts, dates, answers."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from billing.invoicing.models import Invoice, Quote
from core.money import format_amount
from core.ui.formats import date_long


@dataclass(frozen=True)
class State:
    """A word, the shape that carries it, and the tone that repeats it."""

    key: str
    label: Any
    glyph: str
    tone: str = ""


DRAFT = State("draft", _("Brouillon"), "draft")
DUE = State("due", _("À régler"), "due", "warn")
PAYING = State("paying", _("Paiement en cours"), "half", "now")
PARTLY = State("partly", _("Partiellement payée"), "half", "warn")
LATE = State("late", _("En retard"), "late", "bad")
CERTIFICATE = State("certificate", _("Attestation attendue"), "half", "warn")
PAID = State("paid", _("Payée"), "done", "ok")
CANCELLED = State("cancelled", _("Annulée"), "cancel")

SENT = State("sent", _("À accepter"), "due", "warn")
ACCEPTED = State("accepted", _("Accepté"), "done", "ok")
REFUSED = State("refused", _("Refusé"), "cancel")
EXPIRED = State("expired", _("Expiré"), "late")
REPLACED = State("replaced", _("Remplacé"), "cancel")


def invoice_state(invoice: Invoice, today: date, *, is_being_paid: bool = False) -> State:
    """Tell where an invoice stands on a day; a payment under way comes before lateness."""
    if invoice.status == Invoice.Status.DRAFT:
        return DRAFT
    if invoice.status == Invoice.Status.CANCELLED:
        return CANCELLED
    if invoice.amount_due <= 0:
        return PAID
    if is_being_paid:
        return PAYING
    if invoice.total_withheld and invoice.amount_payable_now <= 0:
        return CERTIFICATE
    if invoice.is_overdue(today):
        return LATE
    return PARTLY if invoice.amount_paid else DUE


def quote_state(quote: Quote, today: date) -> State:
    """Tell where a quote stands on a day."""
    if quote.is_expired(today):
        return EXPIRED
    return {
        Quote.Status.DRAFT: DRAFT,
        Quote.Status.SENT: SENT,
        Quote.Status.ACCEPTED: ACCEPTED,
        Quote.Status.REFUSED: REFUSED,
        Quote.Status.REPLACED: REPLACED,
    }[quote.status]


@dataclass(frozen=True)
class DueReminder:
    """The banner of an invoice that falls due, or is late."""

    text: str
    tone: str


REMINDED_DAYS = 3  # before the due date


def due_reminder(invoice: Invoice, today: date) -> DueReminder | None:
    """Return the banner that an unpaid invoice calls for on a day, or None."""
    if invoice.due_date is None or invoice.amount_payable_now <= 0:
        return None
    days = (invoice.due_date - today).days
    if days > REMINDED_DAYS:
        return None
    words = {
        "number": invoice.number,
        "amount": format_amount(invoice.amount_payable_now, invoice.currency),
        "due": date_long(invoice.due_date),
    }
    if days < 0:
        text = gettext(
            "La facture %(number)s est en retard : %(amount)s à régler depuis le %(due)s."
        )
        return DueReminder(text % words, "bad")
    text = gettext(
        "La facture %(number)s arrive à échéance : %(amount)s à régler avant le %(due)s."
    )
    return DueReminder(text % words, "warn")
