"""Handing a pay link over by WhatsApp, in words that are ready to be sent."""

from urllib.parse import urlencode

from django.utils.translation import gettext as _

from billing.invoicing.models import Invoice
from core.money import format_amount
from core.ui.formats import date_long


def share_text(invoice: Invoice, url: str) -> str:
    """Return the message that hands a pay link over."""
    words = {
        "number": invoice.number,
        "company": invoice.company.name,
        "amount": format_amount(invoice.amount_payable_now, invoice.currency),
        "due": date_long(invoice.due_date) if invoice.due_date else "",
        "url": url,
    }
    if words["due"]:
        text = _(
            "Bonjour, voici la facture %(number)s de %(company)s : %(amount)s à régler avant le "
            "%(due)s. Payer en ligne : %(url)s"
        )
    else:
        text = _(
            "Bonjour, voici la facture %(number)s de %(company)s : %(amount)s à régler. "
            "Payer en ligne : %(url)s"
        )
    return text % words


def whatsapp_url(invoice: Invoice, url: str, *, phone: str = "") -> str:
    """Return the address that opens WhatsApp with the message written; to a number, if known."""
    digits = "".join(character for character in phone if character.isdigit())
    return f"https://wa.me/{digits}?{urlencode({'text': share_text(invoice, url)})}"
