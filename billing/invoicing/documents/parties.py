"""Who sells and who buys, as a document shows them.

These are plain values: an issued document keeps its own, and a client who moves
changes no old invoice.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from core.money import format_amount
from core.ui.branding import accent_tokens

SEPARATOR = " · "
DEFAULT_ACCENT = "#1d3fff"
VOWELS = frozenset("AEIOUaeiou")


@dataclass(frozen=True)
class PartyBlock:
    """A name and the lines under it."""

    name: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class BankDetails:
    """Where a transfer goes; `account` is the RIB or IBAN as it is printed."""

    bank: str
    account: str
    swift: str = ""
    holder: str = ""

    @property
    def text(self) -> str:
        """The details on one line."""
        swift = f"SWIFT {self.swift}" if self.swift else ""
        return ", ".join(part for part in (self.holder, self.bank, self.account, swift) if part)


@dataclass(frozen=True)
class Seller:
    """The legal identity of the company which issues a document.

    `capital` is in minor units of `currency`. `vat_exemption` is the sentence which
    replaces VAT when the regime charges none. `logo` holds a PNG, JPEG or SVG.
    """

    name: str
    legal_form: str = ""
    capital: int | None = None
    currency: str = "XOF"
    address: str = ""
    rccm: str = ""
    ncc: str = ""
    idu: str = ""
    tax_regime: str = ""
    tax_office: str = ""
    phone: str = ""
    email: str = ""
    website: str = ""
    vat_exemption: str = ""
    bank: BankDetails | None = None
    logo: bytes | None = None
    accent: str = DEFAULT_ACCENT

    @property
    def readable_accent(self) -> str:
        """Its colour, darkened as far as it takes to be read on paper."""
        return accent_tokens(self.accent)["light"]["--brand"]

    @property
    def legal_name(self) -> str:
        """The name with its legal form, said once: « NOURX SARL »."""
        if not self.legal_form or self.legal_form.casefold() in self.name.casefold().split():
            return self.name
        return f"{self.name} {self.legal_form}"

    @property
    def block(self) -> PartyBlock:
        """The seller beside the buyer, at the top."""
        registered = _joined(("NCC", self.ncc), ("RCCM", self.rccm))
        taxed = _joined((_("Régime :"), self.tax_regime), (_("CDI"), self.tax_office))
        return PartyBlock(self.legal_name, _kept(self.address, registered, taxed))

    @property
    def legal_lines(self) -> tuple[str, ...]:
        """The mentions at the foot of every page, after the name."""
        capital = format_amount(self.capital, self.currency) if self.capital else ""
        seat = _joined((_("au capital de"), capital), (_("Siège :"), self.address))
        registered = _joined(
            ("RCCM", self.rccm),
            ("NCC", self.ncc),
            ("IDU", self.idu),
            (_("Régime d’imposition :"), self.tax_regime),
            (_("Centre des impôts :"), self.tax_office),
        )
        reached = SEPARATOR.join(_kept(self.phone, self.email, self.website))
        return _kept(seat, registered, reached)


def buyer_block(
    *,
    name: str,
    address: str = "",
    ncc: str = "",
    rccm: str = "",
    contact: str = "",
    other: Iterable[str] = (),
) -> PartyBlock:
    """Describe a client; `other` holds what foreign ones need, such as « TVA FR12345678901 »."""
    registered = _joined(("NCC", ncc), ("RCCM", rccm))
    return PartyBlock(name, _kept(*address.splitlines(), registered, *other, _attention(contact)))


def _attention(name: str) -> str:
    """Address a paper to somebody; French drops the « e » of « de » before a vowel."""
    if not name:
        return ""
    if unicodedata.normalize("NFD", name)[0] in VOWELS:
        return _("À l’attention d’%(name)s") % {"name": name}
    return _("À l’attention de %(name)s") % {"name": name}


def _joined(*mentions: tuple[str, str]) -> str:
    return SEPARATOR.join(f"{label} {text}" for label, text in mentions if text)


def _kept(*lines: str) -> tuple[str, ...]:
    return tuple(line for line in lines if line)
