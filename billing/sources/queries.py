"""Reads of contracts: what is still to bill, what comes next, what they bring in a month."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import islice

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from billing.invoicing.sums import compute, terms_of
from billing.sources.models import RecurringInvoice, RecurringLine, RecurringPause, RecurringRun
from billing.sources.schedule import Period
from core.money import round_half_up

OPEN_PAUSE = RecurringPause.objects.filter(schedule=OuterRef("pk"), ends_on=None)
RUNS = Prefetch(
    "runs", queryset=RecurringRun.objects.only("schedule_id", "client_id", "period_start")
)


@dataclass(frozen=True, order=True)
class Due:
    """A period of a contract to bill."""

    period: Period
    schedule_id: int


def with_standing(rows: QuerySet[RecurringInvoice]) -> QuerySet[RecurringInvoice]:
    """Add what lists show: whether a pause is open, lines and runs at hand."""
    rows = rows.annotate(is_paused=Exists(OPEN_PAUSE))
    return rows.prefetch_related(RUNS, "lines")


def pending(schedule: RecurringInvoice) -> Iterator[Period]:
    """Go through the periods of a contract that were neither billed nor passed over."""
    done = {run.period_start for run in schedule.runs.all()}
    return (period for period in schedule.rhythm.periods() if period.start not in done)


def next_period(schedule: RecurringInvoice) -> Period | None:
    """Return the first period that was neither billed nor passed over, paused or not."""
    return next(pending(schedule), None)


def next_periods(schedule: RecurringInvoice, count: int = 12) -> list[Period]:
    """Return the next periods to bill, paused or not."""
    return list(islice(pending(schedule), count))


def find_due(*, on: date) -> list[Due]:
    """Return the periods to bill by a day, oldest first; run in the team's scope.

    Contracts that are paused have none.
    """
    rows = RecurringInvoice.objects.exclude(Exists(OPEN_PAUSE)).prefetch_related(RUNS)
    found = []
    for schedule in rows:
        done = {run.period_start for run in schedule.runs.all()}
        periods = (period for period in schedule.rhythm.due(on) if period.start not in done)
        found += [Due(period, schedule.pk) for period in periods]
    return sorted(found, key=lambda due: (due.period.bill_on, due.period.start, due.schedule_id))


def lines_for(schedule: RecurringInvoice, day: date) -> list[RecurringLine]:
    """Return the lines that a period beginning on a day bills, in their order."""
    return [line for line in schedule.lines.all() if line.holds_on(day)]


def net_of_period(schedule: RecurringInvoice, day: date) -> int:
    """Return what the lines of a period beginning on a day come to before VAT, in minor units.

    :raises billing.invoicing.figures.InvalidFigure: if a figure cannot be used.
    """
    return compute(lines_for(schedule, day), terms_of(schedule)).total_net


def monthly_share(schedule: RecurringInvoice, on: date) -> Fraction:
    """Return what a contract brings in a month on a day, exactly: zero when it has no period.

    Before VAT, in minor units: the net of its period over the months of its interval, a week
    being 12/52 of a month. Pauses are left to the caller.
    """
    period = schedule.rhythm.period_on(on)
    if period is None:
        return Fraction(0)
    return Fraction(net_of_period(schedule, on)) / schedule.rhythm.months


def monthly_shares(on: date) -> list[tuple[RecurringInvoice, Fraction]]:
    """Return each contract that runs on a day with what it brings in a month, exactly.

    Contracts paused on that day are left out. Run in the team's scope.
    """
    paused = RecurringPause.objects.filter(
        Q(ends_on=None) | Q(ends_on__gt=on), schedule=OuterRef("pk"), starts_on__lte=on
    )
    rows = RecurringInvoice.objects.exclude(Exists(paused)).filter(anchor_date__lte=on)
    rows = rows.select_related("client").prefetch_related("lines").order_by("pk")
    shares = [(schedule, monthly_share(schedule, on)) for schedule in rows]
    return [(schedule, share) for schedule, share in shares if share]


def monthly_recurring_revenue(on: date) -> Mapping[str, int]:
    """Return what contracts bring in a month on a day, by currency, before VAT, in minor units.

    Shares are added exactly and each total is rounded once. Run in the team's scope.
    """
    exact: dict[str, Fraction] = {}
    for schedule, share in monthly_shares(on):
        exact[schedule.currency] = exact.get(schedule.currency, Fraction(0)) + share
    return {currency: round_half_up(total) for currency, total in sorted(exact.items())}
