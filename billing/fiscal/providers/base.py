"""What a tax office asks of us, whatever the country: certify a sale, certify a credit.

A provider is pure: it knows none of our models. It prepares a request, which is kept before it
leaves, then sends it. Three errors say what is known afterwards, and so what may be done next.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Protocol


class CertificationError(Exception):
    """A paper was not certified. The text is for the team: it holds no key.

    `raw` is what was answered, when something readable was; `status` its HTTP status, or 0.
    """

    def __init__(self, reason: str, *, status: int = 0, raw: Mapping[str, Any] | None = None):
        super().__init__(reason)
        self.reason = reason
        self.status = status
        self.raw = dict(raw or {})


class Rejected(CertificationError):
    """The paper breaks a rule: nothing was certified, and the same paper would be refused again."""


class NotSent(CertificationError):
    """Nothing was certified and the paper is not at fault: sending again later is safe.

    `alert` says that a person has something to do first, such as correcting the key.
    """

    def __init__(self, reason: str, *, alert: bool = False, **facts: Any):
        super().__init__(reason, **facts)
        self.alert = alert


class Uncertain(CertificationError):
    """The paper may have been certified: never send it again before a person has looked."""


@dataclass(frozen=True)
class Customer:
    """Who is billed. `kind` is company, public or person; `country` has two letters."""

    name: str
    kind: str
    country: str = "CI"
    ncc: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True)
class SaleLine:
    """A line as it was typed; `weight` is its share of what was billed at its rate.

    `unit_price` is in minor units of the currency, HT unless prices include tax.
    """

    reference: str
    label: str
    quantity: Decimal
    unit_price: Decimal
    vat_rate: Decimal
    vat_code: str
    weight: int
    unit: str = ""
    discount_percent: Decimal = Decimal(0)


@dataclass(frozen=True)
class RateSum:
    """What a paper bills at one VAT rate, in minor units: the base HT and its VAT."""

    rate: Decimal
    base: int
    vat: int


@dataclass(frozen=True)
class Tax:
    """A tax beside VAT that we add, in percent."""

    name: str
    rate: Decimal


@dataclass(frozen=True)
class Sale:
    """An invoice to certify. `is_as_typed`: lines and `discount_percent` alone give its sums."""

    number: str
    customer: Customer
    lines: Sequence[SaleLine]
    sums: Sequence[RateSum]
    payment_method: str = "deferred"
    currency: str = "XOF"
    minor_digits: int = 0
    exchange_rate: Decimal | None = None
    discount_percent: Decimal = Decimal(0)
    is_as_typed: bool = True
    taxes: Sequence[Tax] = ()
    footer: str = ""


@dataclass(frozen=True)
class CertifiedItem:
    """A line as the tax office holds it: the only handle by which it may be credited.

    `net` is what the whole line counts for, HT, in minor units, all discounts taken off.
    """

    id: str
    quantity: Decimal
    net: int
    rate: Decimal
    label: str = ""


@dataclass(frozen=True)
class Prepared:
    """A request ready to leave, without its key. `items` are the lines that it certifies.

    `vat` is what the tax office should find, in minor units, None when it is not to be compared.
    """

    path: str
    body: Mapping[str, Any]
    items: Sequence[CertifiedItem] = ()
    note: str = ""
    vat: int | None = None


@dataclass(frozen=True)
class Certified:
    """What the tax office answered to a paper that it certified.

    `sticker_balance` is how many papers may still be certified, None when it is not told.
    """

    reference: str
    verification_url: str
    document_id: str = ""
    items: Sequence[CertifiedItem] = ()
    sticker_balance: int | None = None
    warning: bool = False
    note: str = ""
    raw: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Credit:
    """A credit note to certify: quantities of lines of a certified sale.

    `taken` is what earlier credits took of each item; `bases` the HT to credit per VAT rate.
    """

    number: str
    document_id: str
    items: Sequence[CertifiedItem]
    taken: Mapping[str, Decimal]
    bases: Mapping[Decimal, int]


class FiscalProvider(Protocol):
    """The tax office of a country."""

    @property
    def code(self) -> str:
        """The name of the provider in our settings."""

    @property
    def is_test(self) -> bool:
        """Whether what it certifies has no legal worth."""

    def prepare_sale(self, sale: Sale) -> Prepared:
        """Return the request that certifies a sale.

        :raises Rejected: if the sale cannot be told without changing a franc of it.
        """

    def prepare_credit(self, credit: Credit) -> Prepared:
        """Return the request that certifies a credit note.

        :raises Rejected: if it is no quantity of the lines certified.
        """

    def send(self, prepared: Prepared) -> Certified:
        """Send a request, once, and return what was certified.

        :raises Rejected: if it was refused.
        :raises NotSent: if nothing was certified and it may be sent again.
        :raises Uncertain: if it may have been certified.
        """

    def check(self) -> str:
        """Try the connection without certifying anything, and say what that proves.

        :raises CertificationError: if it does not work, with the reason.
        """
