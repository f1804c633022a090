"""The mails about papers that the team may write in its own words."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from billing.invoicing.models import Invoice
from billing.invoicing.papers import pay_url
from core.money import format_amount
from core.notify.wordings import declare_wording
from core.ui.formats import date_long

NEWEST = 25


def _samples() -> list[tuple[str, str]]:
    rows = Invoice.objects.issued().select_related("client").defer("client__search_vector")
    newest = rows.order_by("-issue_date", "-pk")[:NEWEST]
    return [(str(one.pk), f"{one.number} · {one.client.name}") for one in newest]


def _context(key: str) -> Mapping[str, Any] | None:
    invoice = (
        Invoice.objects.issued()
        .filter(pk=int(key) if key.isdecimal() and len(key) < 18 else 0)
        .first()
    )
    if invoice is None:
        return None
    return {
        "number": invoice.number,
        "subject": invoice.subject,
        "amount": format_amount(invoice.amount_payable_now, invoice.currency),
        "due": date_long(invoice.due_date) if invoice.due_date else "",
        "pay_url": pay_url(invoice),
    }


NUMBER = ("number", _("numéro du document"), "FAC-2026-0042")
SUBJECT = ("subject", _("objet"), "Refonte du site")
AMOUNT = ("amount", _("montant, avec sa devise"), "1 475 000 F CFA")
COMPANY = ("brand_name", _("nom de notre société"), "NOURX")

declare_wording(
    "invoicing/invoice",
    label=_("Envoi d’une facture"),
    placeholders={
        "numero": NUMBER,
        "objet": SUBJECT,
        "montant": AMOUNT,
        "echeance": ("due", _("date d’échéance"), "4 décembre 2026"),
        "societe": COMPANY,
    },
    button=("pay_url", _("Payer en ligne")),
    samples=_samples,
    context_of=_context,
)

OF_QUOTE = {
    "numero": ("number", _("numéro du document"), "DEV-2026-0031"),
    "objet": SUBJECT,
    "montant": AMOUNT,
    "validite": ("until", _("dernier jour de validité"), "18 décembre 2026"),
    "societe": COMPANY,
}
declare_wording(
    "invoicing/quote",
    label=_("Envoi d’un devis"),
    placeholders={
        **OF_QUOTE,
        "introduction": ("intro", _("introduction du devis"), "Suite à notre échange de lundi…"),
    },
    button=("url", _("Lire le devis")),
)
declare_wording(
    "invoicing/quote_reminder",
    label=_("Rappel d’un devis qui expire"),
    placeholders=OF_QUOTE,
    button=("url", _("Lire le devis")),
)
