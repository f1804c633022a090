"""The month as it goes: its day, its people, its providers, and what is still to happen."""

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from billing.fiscal.sandbox.server import FneServer
from billing.fiscal.sandbox.state import Fne
from billing.invoicing.models import Invoice
from billing.payments.models import MoneyAccount
from billing.payments.sandbox.clock import VirtualClock
from billing.payments.sandbox.notifications import Outbox
from billing.payments.sandbox.server import SandboxServer
from billing.payments.sandbox.state import Sandbox
from core.accounts.models import Client, Company, User

FIRST = date(2026, 10, 1)
LAST = date(2026, 10, 31)
OPENS = time(8, 30, tzinfo=UTC)  # Abidjan lives by UTC
EVE = datetime.combine(FIRST, time(0, tzinfo=UTC))
SEED = 20_261_001


@dataclass(frozen=True)
class Scale:
    """How much happens: business days, and how many of each."""

    name: str
    clients: int
    days: int
    invoices: int  # a day, by hand
    quotes: int  # a day
    contracts: int
    batch: int
    ends_work_here: bool = False  # what a killed worker left is done by this process


FULL = Scale("month", clients=40, days=22, invoices=4, quotes=2, contracts=14, batch=12)
SMALL = Scale(
    "small", clients=5, days=6, invoices=4, quotes=0, contracts=2, batch=3, ends_work_here=True
)


def business_days(count: int) -> list[date]:
    """Return the first days of the month that people work on."""
    days = (FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1))
    return [day for day in days if day.weekday() < 5][:count]


def make_sandbox() -> SandboxServer:
    """Return the stand-ins of the payment providers, whose clock the month moves."""
    clock = VirtualClock(EVE.timestamp())
    outbox = Outbox(clock, timeout=1)
    return SandboxServer(Sandbox(clock=clock, outbox=outbox, starts_per_minute=100_000))


def make_fne() -> FneServer:
    """Return the stand-in of the tax office."""
    return FneServer(Fne(stickers=10_000, slowness=1))


def addresses(server: SandboxServer) -> dict[str, str]:
    """Return the settings that lead to the stand-ins. The site's own host hears nothing posted."""
    url = server.url
    return {
        "BASE_URL": "http://agence.test",
        "CINETPAY_BASE_URL": url,
        "CINETPAY_V1_BASE_URL": url,
        "STRIPE_API_BASE": f"{url}/stripe",
        "WAVE_BASE_URL": f"{url}/wave",
        "ORANGE_MONEY_BASE_URL": f"{url}/orange",
    }


@dataclass
class Month:
    """Everything a story of the month needs; `at` only goes forward."""

    scale: Scale
    server: SandboxServer
    fne: FneServer
    company: Company
    actor: User
    random: Random = field(default_factory=lambda: Random(SEED))  # noqa: S311
    accounts: dict[str, MoneyAccount] = field(default_factory=dict)
    clients: list[Client] = field(default_factory=list)
    people: dict[int, User] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    heard: set[int] = field(default_factory=set)
    problems: list[str] = field(default_factory=list)
    statements: list[tuple[str, int, str, str]] = field(default_factory=list)
    plain: tuple[Callable[["Month", Invoice], None], ...] = ()  # the plainest ways to be paid
    rank: int = 0
    at: datetime = EVE

    def __post_init__(self) -> None:
        self.days = business_days(self.scale.days)
        self.plan: defaultdict[int, list[Callable[[], None]]] = defaultdict(list)
        self._serial = 0

    @property
    def on(self) -> date:
        """The day it is."""
        return self.at.date()

    @property
    def is_half_over(self) -> bool:
        """Tell whether other providers serve the wallets by now."""
        return self.rank >= len(self.days) // 2

    def begin_day(self, rank: int) -> None:
        """Wake up on a business day."""
        self.rank = rank
        self.move_to(datetime.combine(self.days[rank], OPENS))

    def move_to(self, moment: datetime) -> None:
        """Let time pass, here and at the providers."""
        self.at = max(self.at, moment)
        self.server.sandbox.clock.move_to(self.at.timestamp())

    def tick(self, **spans: float) -> datetime:
        """Let a moment pass, thirty seconds unless told, and return the time it is."""
        self.move_to(self.at + timedelta(**(spans or {"seconds": 30})))
        return self.at

    def later(self, days: int, act: Callable[[], None]) -> None:
        """Plan something some business days ahead, at the latest on the last."""
        self.plan[min(self.rank + days, len(self.days) - 1)].append(act)

    def count(self, what: str, by: int = 1) -> None:
        """Remember that something happened."""
        self.counts[what] += by

    def reference(self, prefix: str) -> str:
        """Return a reference that nothing else has."""
        self._serial += 1
        return f"{prefix}{self._serial:06d}"

    def fresh(self, invoice: Invoice) -> Invoice:
        """Read an invoice as it stands by now."""
        return Invoice.objects.select_related("client", "company").get(pk=invoice.pk)
