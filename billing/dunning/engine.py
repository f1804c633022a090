"""What a day calls for, from plain values: pure, so that a table of cases proves it.

A step is reached from its day on, so that nights without work are caught up: the furthest one is
told, those before it are passed over. Something may hold an invoice; it is asked again each day.
Dates are days of Africa/Abidjan; amounts are whole units of the invoice's currency.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

WITHHELD_FROM = 30  # days late from which a withholding without its certificate is asked for
WITHHELD_KEY = "withheld"


class Hold(StrEnum):
    """Why an invoice that reached a step is not reminded."""

    DISPUTED = "disputed"
    PROMISED = "promised"
    PAYING = "paying"
    CREDIT = "credit"
    CREDIT_NOTE = "credit_note"
    PAUSED = "paused"
    ARCHIVED = "archived"
    GAP = "gap"
    UNREACHABLE = "unreachable"
    CLOSED_DAY = "closed_day"


@dataclass(frozen=True)
class Step:
    """A step of a ladder, `days` after the due date; `gap_days` after the reminder before it."""

    key: str
    days: int
    label: str = ""
    gap_days: int = 0
    by_email: bool = True
    by_sms: bool = False
    by_whatsapp: bool = False
    with_letter: bool = False
    with_statement: bool = False
    copies_lead: bool = False
    subject: str = ""
    body: str = ""
    short_text: str = ""


@dataclass(frozen=True)
class Account:
    """What is known of one unpaid invoice on a day.

    `told` maps the steps told or passed over for this due date to the day they really left, None
    when passed over. `withheld` is what the client keeps for the tax office and has not yet proved.
    """

    due_date: date
    balance: int
    issue_date: date | None = None
    tolerance: int = 0
    withheld: int = 0
    told: Mapping[str, date | None] = field(default_factory=dict)
    is_disputed: bool = False
    promised_for: date | None = None
    is_being_paid: bool = False
    credit: int = 0
    has_draft_credit: bool = False
    paused_until: date | None = None
    is_archived: bool = False
    is_reachable: bool = True

    @property
    def asked(self) -> int:
        """Return what is left to pay in money: the balance without what is withheld."""
        return self.balance - min(self.withheld, self.balance)


@dataclass(frozen=True)
class Decision:
    """The step to tell, those it overtakes, or what holds it and until when, if that is known."""

    step: Step | None = None
    passed: tuple[Step, ...] = ()
    hold: Hold | None = None
    until: date | None = None

    @property
    def is_to_send(self) -> bool:
        return self.step is not None and self.hold is None


NOTHING = Decision()
WITHHELD_STEP = Step(WITHHELD_KEY, WITHHELD_FROM)


def decide(
    account: Account, steps: Sequence[Step], *, on: date, is_open: Callable[[date], bool]
) -> Decision:
    """Return what a day calls for; `is_open` tells the days on which messages leave."""
    if account.balance <= account.tolerance:
        return NOTHING
    if account.asked <= account.tolerance:
        steps = [WITHHELD_STEP]
    reached = reached_on(account, steps, on)
    if not reached:
        return NOTHING
    step, waits_until = _step_now(account, reached, on)
    if step is None:
        return NOTHING
    if step.key in account.told:  # told already; the one above waits for its gap
        return Decision(reached[-1], hold=Hold.GAP, until=waits_until) if waits_until else NOTHING
    hold, until = _hold(account, on, is_open)
    passed = tuple(
        each for each in reached if each.days < step.days and each.key not in account.told
    )
    return Decision(step, passed, hold, until)


def reached_on(account: Account, steps: Sequence[Step], on: date) -> list[Step]:
    """Return the steps that an invoice has reached, in their order.

    One that had no more days to be paid than a reminder's notice gets none before its due date.
    """
    days = (on - account.due_date).days
    return [
        step
        for step in sorted(steps, key=lambda each: each.days)
        if step.days <= days and not _is_short(account, step)
    ]


def _is_short(account: Account, step: Step) -> bool:
    if step.days >= 0 or account.issue_date is None:
        return False
    return (account.due_date - account.issue_date).days <= -step.days


def _step_now(
    account: Account, reached: Sequence[Step], on: date
) -> tuple[Step | None, date | None]:
    """Return the furthest step whose gap is over, and the day the furthest one may leave."""
    told_on = [
        day
        for step in reached
        if step.days >= 0 and (day := account.told.get(step.key)) is not None
    ]
    waits_until = None
    for step in reversed(reached):
        if step.key in account.told or not step.gap_days:
            return step, waits_until
        if told_on and max(told_on) + timedelta(days=step.gap_days) <= on:
            return step, None
        if told_on and waits_until is None:
            waits_until = max(told_on) + timedelta(days=step.gap_days)
    return reached[0] if len(reached) == 1 else None, waits_until


def _hold(
    account: Account, on: date, is_open: Callable[[date], bool]
) -> tuple[Hold | None, date | None]:
    """Return the first reason that holds an invoice on a day, and the day it ends if known."""
    if account.is_archived:
        return Hold.ARCHIVED, None
    if account.is_disputed:
        return Hold.DISPUTED, None
    if account.paused_until is not None and on < account.paused_until:
        return Hold.PAUSED, account.paused_until
    if account.promised_for is not None and on <= account.promised_for:
        return Hold.PROMISED, account.promised_for + timedelta(days=1)
    if account.is_being_paid:
        return Hold.PAYING, None
    if account.has_draft_credit:
        return Hold.CREDIT_NOTE, None
    if account.credit >= account.asked > 0:
        return Hold.CREDIT, None
    if not account.is_reachable:
        return Hold.UNREACHABLE, None
    if not is_open(on):
        return Hold.CLOSED_DAY, next_open(on, is_open)
    return None, None


def next_open(day: date, is_open: Callable[[date], bool]) -> date:
    """Return the first day, from this one on, on which messages leave.

    A year without one is a mistake of the calendar: the day itself is then returned.
    """
    for ahead in range(366):
        if is_open(day + timedelta(days=ahead)):
            return day + timedelta(days=ahead)
    return day
