"""The pieces of a document: lines, facts, sums, and how to pay."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from billing.invoicing.documents.parties import BankDetails
from billing.invoicing.totals import LineTotal
from core.money import FIXED_SPACE, format_figure, format_number, format_percent, format_price
from core.ui.formats import clock_time, date_long

MOST_IN_ONE_PIECE = 700  # characters of a detail
MOST_ROWS = 12


@dataclass(frozen=True)
class Fact:
    """A node of the thread at the top; the current one is what the client looks for."""

    label: str
    text: str
    is_current: bool = False


@dataclass(frozen=True)
class Row:
    """A line of the sums."""

    label: str
    text: str


@dataclass(frozen=True)
class DocumentLine:
    """A line of a document: prices and amounts in minor units of its currency."""

    designation: str
    quantity: Decimal
    unit_price: Decimal
    total: LineTotal
    detail: str = ""
    unit: str = ""
    discount_percent: Decimal = Decimal(0)
    currency: str = "XOF"
    section: str = ""
    is_option: bool = False
    is_chosen: bool = False

    @property
    def option_text(self) -> str:
        """What an option is by now, or nothing for a line that is none."""
        if not self.is_option:
            return ""
        return _("Option retenue") if self.is_chosen else _("Option, hors du total")

    @property
    def is_long(self) -> bool:
        """Whether the line may go on over the next page; others stay in one piece."""
        return len(self.detail) > MOST_IN_ONE_PIECE or self.detail.count("\n") > MOST_ROWS

    @property
    def quantity_text(self) -> str:
        """The quantity and its unit."""
        number = format_number(self.quantity)
        return f"{number}{FIXED_SPACE}{self.unit}" if self.unit else number

    @property
    def price_text(self) -> str:
        """The unit price without its currency."""
        return format_price(self.unit_price, self.currency)

    @property
    def amount_text(self) -> str:
        """The amount without its currency."""
        return format_figure(self.total.amount, self.currency)

    @property
    def vat_text(self) -> str:
        """The VAT rate."""
        return format_percent(self.total.vat_rate)

    @property
    def discount_text(self) -> str:
        """What was taken off the line, or nothing."""
        if not self.total.discount:
            return ""
        amount = format_figure(-self.total.discount, self.currency)
        if self.discount_percent:
            percent = format_percent(self.discount_percent)
            return _("Remise de %(percent)s : %(amount)s") % {"percent": percent, "amount": amount}
        return _("Remise : %(amount)s") % {"amount": amount}


@dataclass(frozen=True)
class Deduction:
    """What was invoiced or paid before and is taken off: deposits, payments; positive."""

    label: str
    amount: int


@dataclass(frozen=True)
class PaymentBox:
    """How to pay: an address drawn as a QR code too, names of operators, a bank account."""

    url: str = ""
    methods: tuple[str, ...] = ()
    bank: BankDetails | None = None

    @property
    def short_url(self) -> str:
        """The address as a person types it."""
        return self.url.removeprefix("https://").removeprefix("http://").rstrip("/")


@dataclass(frozen=True)
class FiscalSeal:
    """The certification of the tax office: its number, its hour, its address to check it."""

    number: str
    verification_url: str
    certified_at: datetime | None = None

    @property
    def certified_text(self) -> str:
        """When it was certified, or nothing."""
        if self.certified_at is None:
            return ""
        day, hour = date_long(self.certified_at), clock_time(self.certified_at)
        return _("Le %(day)s à %(hour)s") % {"day": day, "hour": hour}


@dataclass(frozen=True)
class PlanRow:
    """A part of a quote that is billed by itself: its name, its share, when, its amount in TTC."""

    label: str
    share: str
    when: str
    amount: str


@dataclass(frozen=True)
class Acceptance:
    """Who accepted a quote, and when."""

    name: str
    on: date

    @property
    def text(self) -> str:
        """The sentence which says it."""
        day = date_long(self.on)
        return _("Accepté en ligne par %(name)s le %(day)s.") % {"name": self.name, "day": day}
