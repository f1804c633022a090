"""What an issued paper keeps of both sides: plain words, so that a move changes no old paper."""

from typing import Any

from django.utils.translation import gettext as _

from billing.invoicing.documents import BankDetails, PartyBlock, Seller, buyer_block
from core.accounts.countries import country_name
from core.accounts.models import Client, Company, Contact

SELLER = (
    "name",
    "legal_form",
    "capital",
    "currency",
    "address",
    "rccm",
    "ncc",
    "idu",
    "tax_regime",
    "tax_office",
    "phone",
    "email",
    "website",
    "vat_exemption",
    "accent",
)


def seller_snapshot(company: Company) -> dict[str, Any]:
    """Copy what papers show of our company."""
    return {
        "name": company.legal_name or company.name,
        "legal_form": company.legal_form,
        "capital": company.share_capital,
        "currency": company.currency,
        "address": ", ".join(_address(company.address, company.city)),
        "rccm": company.rccm,
        "ncc": company.ncc,
        "idu": company.idu,
        "tax_regime": str(company.get_tax_regime_display()),
        "tax_office": company.tax_office,
        "phone": company.phone,
        "email": company.email,
        "website": company.website,
        "vat_exemption": "" if company.charges_vat else _exemption(company),
        "bank_name": company.bank_name,
        "bank_account": company.bank_account,
        "wallets": _kept_lines(company.wallets),
        "terms": company.invoice_terms,
        "accent": company.accent_color,
    }


def buyer_snapshot(client: Client) -> dict[str, Any]:
    """Copy what papers show of a client; the main contact is whom they are addressed to."""
    contact = Contact.objects.filter(client_id=client.pk, is_main=True).first()
    return {
        "name": client.name,
        "address": "\n".join(_address(client.address, client.city)),
        "country": client.country,
        "abroad": "" if client.country == client.company.country else country_name(client.country),
        "ncc": client.ncc,
        "rccm": client.rccm,
        "tax_id": client.tax_id,
        "email": client.email,
        "phone": client.phone,
        "contact": contact.name if contact else "",
    }


def seller_of(snapshot: dict[str, Any], *, logo: bytes | None = None) -> Seller:
    """Read our side of a paper back, ready to be drawn."""
    account = snapshot.get("bank_account", "")
    bank = BankDetails(bank=snapshot.get("bank_name", ""), account=account) if account else None
    facts = {name: snapshot[name] for name in SELLER if name in snapshot}
    return Seller(**{"name": "", **facts}, bank=bank, logo=logo)


def buyer_of(snapshot: dict[str, Any]) -> PartyBlock:
    """Read the client's side of a paper back, ready to be drawn."""
    return buyer_block(
        name=snapshot.get("name", ""),
        address="\n".join(
            _kept_lines(f"{snapshot.get('address', '')}\n{snapshot.get('abroad', '')}")
        ),
        ncc=snapshot.get("ncc", ""),
        rccm=snapshot.get("rccm", ""),
        other=_kept_lines(snapshot.get("tax_id", "")),
        contact=snapshot.get("contact", ""),
    )


def _exemption(company: Company) -> str:
    return _("TVA non facturée : %(regime)s.") % {"regime": company.get_tax_regime_display()}


def _address(text: str, city: str) -> list[str]:
    """Return the lines of an address; a city that its last line names is not said again."""
    lines = _kept_lines(text)
    is_said = bool(lines) and city.strip().casefold() in lines[-1].casefold()
    return lines if is_said else [*lines, *_kept_lines(city)]


def _kept_lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
