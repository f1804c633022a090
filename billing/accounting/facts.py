"""What happened, in plain values: all that entries are worked out from. No database here.

Amounts are integers of the minor unit of the fact's currency.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class Party:
    """A client, with its auxiliary account."""

    client_id: int
    code: str
    name: str
    is_public: bool = False
    country: str = "CI"


@dataclass(frozen=True)
class SaleLine:
    """A line of an invoice: its HT after every discount, and what its account depends on."""

    net: int
    rate: Decimal
    text: str = ""
    is_export: bool = False


@dataclass(frozen=True)
class Deduction:
    """A deposit taken off a final invoice: HT, and the invoice that asked for it."""

    invoice_id: int
    net: int
    account: tuple[str, str] | None = None  # (number, label) it was posted on


@dataclass(frozen=True)
class InvoiceFact:
    """An issued invoice. `vat` is per rate, what is left after deposits; `exchange_rate` is in
    major units of our currency for one of the invoice's."""

    id: int
    number: str
    on: date
    due_on: date | None
    party: Party
    lines: tuple[SaleLine, ...]
    vat: tuple[tuple[Decimal, int], ...]
    total: int
    added: int = 0
    is_deposit: bool = False
    deductions: tuple[Deduction, ...] = ()
    currency: str = "XOF"
    exchange_rate: Decimal | None = None
    account: tuple[str, str] | None = None  # (number, label) of its 411x, if posted already
    waiting: int = 0  # VAT its entry put in waiting, in its currency
    waiting_base: int = 0  # and in ours

    @property
    def asked(self) -> int:
        return self.total + self.added

    @property
    def total_vat(self) -> int:
        return sum(amount for _rate, amount in self.vat)


@dataclass(frozen=True)
class Part:
    """What an event takes off what an invoice asks: `amount`, negative when it gives back.

    `before` is what was left open just before; events follow one another in time.
    """

    invoice: InvoiceFact
    amount: int
    before: int

    @property
    def after(self) -> int:
        return self.before - self.amount


@dataclass(frozen=True)
class CreditNoteFact:
    """A credit note; `part` is what it takes off its invoice. Whole: it mirrors the invoice."""

    id: int
    number: str
    on: date
    part: Part
    net: int
    vat: int
    added: int = 0
    is_whole: bool = False


@dataclass(frozen=True)
class Till:
    """Where money is: `method` of the payment, provider or wallet, whether a telephone or card."""

    method: str
    provider: str = ""


@dataclass(frozen=True)
class PaymentFact:
    """Money received: all of it, what it paid, the rest to the client's credit."""

    id: int
    number: str
    on: date
    party: Party
    till: Till
    amount: int
    parts: tuple[Part, ...] = ()
    currency: str = "XOF"
    exchange_rate: Decimal | None = None


@dataclass(frozen=True)
class RefundFact:
    """Money given back, or that never came. `parts` are negative; the rest was credit."""

    id: int
    number: str
    on: date
    party: Party
    till: Till
    amount: int
    parts: tuple[Part, ...] = ()
    currency: str = "XOF"
    exchange_rate: Decimal | None = None
    is_reversal: bool = False


@dataclass(frozen=True)
class AllocationFact:
    """A move without money: `rounding`, or `credit` used; their undoing is negative."""

    id: int
    on: date
    is_rounding: bool
    part: Part


@dataclass(frozen=True)
class AdjustmentFact:
    """A certificate of withholding, a loss, an exchange difference; its undoing is negative."""

    id: int
    on: date
    kind: str  # withheld, write_off, exchange
    reference: str
    part: Part
