"""Our invoices and credit notes in the words of a tax office."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _

from billing.fiscal.models import Certification, FiscalSettings
from billing.fiscal.providers.base import (
    CertifiedItem,
    Credit,
    Customer,
    RateSum,
    Sale,
    SaleLine,
    Tax,
)
from billing.invoicing.models import CreditNote, Invoice, InvoiceLine
from billing.invoicing.sums import kept_groups, lines_of
from core.accounts.models import Client, Company
from core.accounts.models.companies import VatCode
from core.money import get_currency

BY_RATE = {Decimal(18): VatCode.NORMAL, Decimal(9): VatCode.REDUCED}


def sale_of(invoice: Invoice, chosen: FiscalSettings) -> Sale:
    """Describe an issued invoice as a sale, from what it keeps of its parties."""
    lines = lines_of(invoice)
    return Sale(
        number=invoice.number,
        customer=customer_of(invoice.client, invoice.buyer),
        lines=[_line(line, invoice.company) for line in lines],  # type: ignore[arg-type]
        sums=[RateSum(group.rate, group.base, group.vat) for group in kept_groups(invoice)],
        payment_method=chosen.payment_method,
        currency=invoice.currency,
        minor_digits=get_currency(invoice.currency).exponent,
        exchange_rate=invoice.exchange_rate,
        discount_percent=invoice.discount_percent,
        is_as_typed=not (
            invoice.price_includes_vat
            or invoice.discount_amount
            or any(line.discount_amount for line in lines)
        ),
        taxes=[
            Tax(tax["label"], Decimal(str(tax["rate"])))
            for tax in invoice.taxes or ()
            if tax.get("kind") == "added"
        ],
        footer=_("Notre facture %(number)s") % {"number": invoice.number},
    )


def credit_of(note: CreditNote, sale: Certification) -> Credit:
    """Describe a credit note as quantities to take of the sale that was certified."""
    return Credit(
        number=note.number,
        document_id=sale.document_id,
        items=[read_item(item) for item in sale.items],
        taken=_taken(note),
        bases={group.rate: group.base for group in kept_groups(note) if group.base},
    )


def customer_of(client: Client, kept: dict) -> Customer:
    """Return whom a paper bills; what it did not keep is read from the client as it is now."""
    return Customer(
        name=kept.get("name") or client.name,
        kind=client.sector,
        country=kept.get("country") or client.country,
        ncc=kept.get("ncc") or client.ncc,
        phone=kept.get("phone") or client.phone,
        email=kept.get("email") or client.email,
    )


def read_item(kept: dict) -> CertifiedItem:
    """Read a certified line back."""
    return CertifiedItem(
        id=kept["id"],
        quantity=Decimal(kept["quantity"]),
        net=kept["net"],
        rate=Decimal(kept["rate"]),
        label=kept.get("label", ""),
    )


def keep_item(item: CertifiedItem) -> dict:
    """Write a certified line as JSON."""
    return {
        "id": item.id,
        "label": item.label,
        "quantity": str(item.quantity),
        "net": item.net,
        "rate": str(item.rate),
    }


def _line(line: InvoiceLine, company: Company) -> SaleLine:
    return SaleLine(
        reference=str(line.pk),
        label=line.label,
        quantity=line.quantity,
        unit_price=line.unit_price,
        vat_rate=line.vat_rate,
        vat_code=_vat_code(line, company),
        weight=line.net,
        unit=line.unit,
        discount_percent=line.discount_percent,
    )


def _vat_code(line: InvoiceLine, company: Company) -> str:
    """Return the nature of a line's VAT, or nothing when nobody can tell it for sure."""
    if line.vat_code:
        return str(line.vat_code)
    if line.vat_rate in BY_RATE:
        return str(BY_RATE[line.vat_rate])
    if not line.vat_rate and not company.charges_vat:
        return str(VatCode.EXEMPT_BY_LAW)  # the code of regimes TEE and RME
    codes = set(company.vat_rates.filter(rate=line.vat_rate).values_list("code", flat=True))
    return str(codes.pop()) if len(codes) == 1 else ""


def _taken(note: CreditNote) -> dict[str, Decimal]:
    """Return what earlier credits took, or may have taken, of each certified line."""
    earlier = Certification.objects.filter(invoice_id=note.invoice_id, kind="credit").exclude(
        state=Certification.State.VOID
    )
    taken: dict[str, Decimal] = {}
    for items in earlier.exclude(credit_note=note).values_list("items", flat=True):
        for item in items:
            taken[item["id"]] = taken.get(item["id"], Decimal(0)) + Decimal(item["quantity"])
    return taken
