"""The body of a request to the FNE (procédure d’interfaçage par API, May 2025)."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from billing.fiscal.providers.base import Credit, Customer, Prepared, Rejected, Sale, SaleLine
from billing.fiscal.providers.fne.amounts import Item, Told, certified_items, tell
from billing.fiscal.providers.fne.credits import quantities
from core.money import format_percent

SIGN = "/external/invoices/sign"
RATES = {"TVA": Decimal(18), "TVAB": Decimal(9), "TVAC": Decimal(0), "TVAD": Decimal(0)}
RATES["TVAE"] = Decimal(0)  # accepted, not in the procedure
METHODS = ("cash", "card", "check", "mobile-money", "transfer", "deferred")
CURRENCIES = (
    "XOF", "USD", "EUR", "JPY", "CAD", "GBP", "AUD", "CNH", "CHF", "HKD", "NZD",
)  # fmt: skip
NCC = re.compile(r"\d{7}[A-Z]")
LONGEST_TEXT = 250


def sale_request(
    sale: Sale, *, point_of_sale: str, establishment: str, message: str = ""
) -> Prepared:
    """Return the request that certifies a sale.

    :raises Rejected: if something that the FNE demands is missing, or the sums cannot be told.
    """
    template = template_of(sale.customer)
    _check(sale, template)
    told = tell(sale)
    body: dict[str, Any] = {
        "invoiceType": "sale",
        "paymentMethod": sale.payment_method,
        "template": template,
        "isRne": False,
        "clientCompanyName": sale.customer.name[:LONGEST_TEXT],
        "clientPhone": phone_of(sale.customer.phone),
        "clientEmail": sale.customer.email,
        "pointOfSale": point_of_sale,
        "establishment": establishment,
        "items": [_item(item) for item in told.items],
    }
    if template == "B2B":
        body["clientNcc"] = sale.customer.ncc.replace(" ", "")
    body |= _money_parts(sale, told, template)
    body |= {
        name: text
        for name, text in (("commercialMessage", message), ("footer", sale.footer))
        if text
    }
    vat = sum(one.vat for one in sale.sums) if sale.currency == "XOF" else None
    return Prepared(SIGN, body, certified_items(sale, told), told.note, vat)


def credit_request(credit: Credit) -> Prepared:
    """Return the request that certifies a credit note.

    :raises Rejected: if the sale has no known lines, or the credit is no quantity of them.
    """
    if not credit.document_id or not credit.items:
        raise Rejected(
            _(
                "La facture a été certifiée à la main : ses lignes FNE sont inconnues ici. Faites "
                "l’avoir sur le portail de la DGI, puis saisissez sa référence."
            )
        )
    parts = quantities(credit)
    body = {"items": [{"id": item.id, "quantity": number(part)} for item, part in parts]}
    return Prepared(f"/external/invoices/{credit.document_id}/refund", body)


def template_of(customer: Customer) -> str:
    """Return the kind of sale: abroad, to the State, to a person or to a business."""
    if customer.country.upper() != "CI":
        return "B2F"
    return {"public": "B2G", "person": "B2C"}.get(customer.kind, "B2B")


def phone_of(phone: str) -> str:
    """Return a telephone as the FNE reads it: a text of digits, with its + if it has one."""
    return re.sub(r"(?!^\+)\D", "", phone.strip())


def number(value: Decimal) -> int | float:
    """Return a figure of at most four decimals as JSON writes it: read back, it is the same."""
    return int(value) if value == value.to_integral_value() else float(value)


def _item(item: Item) -> dict[str, Any]:
    line = item.line
    told: dict[str, Any] = {
        "taxes": [line.vat_code],
        "reference": line.reference,
        "description": line.label[:LONGEST_TEXT],
        "quantity": number(line.quantity),
        "amount": number(item.price),
    }
    if item.discount:
        told["discount"] = number(item.discount)
    if line.unit:
        told["measurementUnit"] = line.unit
    return told


def _money_parts(sale: Sale, told: Told, template: str) -> dict[str, Any]:
    parts: dict[str, Any] = {}
    if told.discount:
        parts["discount"] = number(told.discount)
    if sale.taxes:
        parts["customTaxes"] = [
            {"name": tax.name, "amount": number(tax.rate)} for tax in sale.taxes
        ]
    if template == "B2F" or sale.currency != "XOF":
        parts["foreignCurrency"] = sale.currency
        parts["foreignCurrencyRate"] = number(sale.exchange_rate or Decimal(1))
    return parts


def _check(sale: Sale, template: str) -> None:
    customer = sale.customer
    if template == "B2B" and not NCC.fullmatch(customer.ncc.replace(" ", "")):
        raise Rejected(
            _("Le compte contribuable (NCC) du client manque : la FNE l’exige entre entreprises.")
        )
    if not phone_of(customer.phone):
        raise Rejected(_("Le téléphone du client manque : la FNE l’exige."))
    if not customer.email:
        raise Rejected(_("L’adresse e-mail du client manque : la FNE l’exige."))
    if sale.payment_method not in METHODS:
        raise Rejected(_("Ce moyen de paiement n’existe pas pour la FNE."))
    _check_currency(sale)
    for line in sale.lines:
        _check_tax(line)


def _check_currency(sale: Sale) -> None:
    if sale.currency not in CURRENCIES:
        raise Rejected(_("La FNE ne connaît pas la devise %(code)s.") % {"code": sale.currency})
    if sale.currency != "XOF" and not sale.exchange_rate:
        raise Rejected(_("Le cours de la devise en francs CFA manque sur la facture."))


def _check_tax(line: SaleLine) -> None:
    rate = RATES.get(line.vat_code)
    if rate is None:
        raise Rejected(
            _("« %(label)s » : dites la nature de sa TVA (%(rate)s), la FNE la demande.")
            % {"label": line.label, "rate": format_percent(line.vat_rate)}
        )
    if rate != line.vat_rate:
        raise Rejected(
            _("« %(label)s » : la FNE ne connaît pas %(code)s à %(rate)s.")
            % {"label": line.label, "code": line.vat_code, "rate": format_percent(line.vat_rate)}
        )
