"""What a messaging app shows of a pay link before it is opened: a title, an amount, our mark."""

from dataclasses import dataclass

from django.conf import settings
from django.templatetags.static import static
from django.utils.translation import gettext as _

from billing.invoicing.models import Invoice
from core.accounts.brand import brand_facts
from core.money import format_amount
from core.ui.formats import date_long

MARK = "nourx/icon-512.png"


@dataclass(frozen=True)
class Preview:
    """The card of a link: nothing of the client but what is to pay."""

    title: str
    description: str
    image: str


def describe(invoice: Invoice) -> Preview:
    """Return the card of an invoice's pay link."""
    title = _("Facture %(number)s · %(company)s") % {
        "number": invoice.number,
        "company": invoice.company.name,
    }
    return Preview(title, _sentence(invoice), _absolute(brand_facts().get("logo_url", "")))


def _sentence(invoice: Invoice) -> str:
    if invoice.amount_due <= 0:
        return _("Il n’y a rien à payer.")
    amount = format_amount(invoice.amount_due, invoice.currency)
    if invoice.due_date is None:
        return _("%(amount)s à régler en ligne") % {"amount": amount}
    return _("%(amount)s à régler en ligne avant le %(due)s") % {
        "amount": amount,
        "due": date_long(invoice.due_date),
    }


def _absolute(logo_url: str) -> str:
    url = logo_url or static(MARK)
    return url if url.startswith("http") else settings.BASE_URL + url
