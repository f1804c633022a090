"""What a day calls for, from plain values: the sixteen cases, and what each hold answers."""

from datetime import date, timedelta

import pytest

from billing.dunning.engine import Account, Hold, Step, decide
from billing.dunning.first_ladder import FIRST_STEPS
from core.workdays.days import working_days

STEPS = [Step(**step) for step in FIRST_STEPS]
DUE = date(2026, 3, 2)
OPEN = working_days({})


def account(**facts):
    return Account(**{"due_date": DUE, "issue_date": date(2026, 2, 2), "balance": 118_000, **facts})


def run(days, **facts):
    """Run the job on each of these days; `facts` may be functions of the day. What left, when."""
    told, sent = {}, []
    for day in days:
        now = {name: fact(day) if callable(fact) else fact for name, fact in facts.items()}
        found = decide(account(told=told, **now), STEPS, on=day, is_open=OPEN)
        if found.is_to_send:
            told = {
                **told,
                **dict.fromkeys(step.key for step in found.passed),
                found.step.key: day,
            }
            sent.append((found.step.key, day.strftime("%d/%m")))
    return sent


def every_day(first=date(2026, 2, 20), last=date(2026, 5, 30), without=()):
    days = (first + timedelta(days=ahead) for ahead in range((last - first).days + 1))
    return [day for day in days if day not in without]


def between(first, last):
    return every_day(first, last)


WHOLE = [("before", "27/02"), ("late", "03/03"), ("second", "09/03"), ("formal", "01/04")]
CASES = {
    "K01 daily": (every_day(), {}, WHOLE),
    "K02 nothing before the first step": (every_day(last=date(2026, 2, 26)), {}, []),
    "K03 the night of J+1 missed": (
        every_day(without=[date(2026, 3, 3)]),
        {},
        [("before", "27/02"), ("late", "04/03"), *WHOLE[2:]],
    ),
    "K04 down forty days": (
        every_day(date(2026, 4, 11)),
        {},
        [("second", "13/04"), ("formal", "20/04")],
    ),
    "K05 partly paid goes on": (
        every_day(),
        {"balance": lambda day: 118_000 if day < date(2026, 3, 5) else 18_000},
        WHOLE,
    ),
    "K06 paid stops": (
        every_day(),
        {"balance": lambda day: 118_000 if day < date(2026, 3, 5) else 0},
        WHOLE[:2],
    ),
    "K07 a rest within the tolerance stops": (
        every_day(),
        {"balance": lambda day: 118_000 if day < date(2026, 3, 5) else 5, "tolerance": 5},
        WHOLE[:2],
    ),
    "K08 disputed, then settled with us": (
        every_day(),
        {"is_disputed": lambda day: date(2026, 3, 4) <= day < date(2026, 3, 16)},
        [*WHOLE[:2], ("second", "17/03"), ("formal", "01/04")],
    ),
    "K09 a promise until the 20th, broken": (
        every_day(),
        {"promised_for": lambda day: date(2026, 3, 20) if day >= date(2026, 3, 4) else None},
        [*WHOLE[:2], ("second", "23/03"), ("formal", "01/04")],
    ),
    "K10 terms of three days have no reminder before": (
        every_day(),
        {"issue_date": date(2026, 2, 27)},
        WHOLE[1:],
    ),
    "K11 terms of four days have one": (
        every_day(),
        {"issue_date": date(2026, 2, 26)},
        WHOLE,
    ),
    "K12 an archived client": (every_day(), {"is_archived": True}, []),
    "K13 weekend and Easter Monday": (
        between(date(2026, 4, 3), date(2026, 4, 8)),
        {"due_date": date(2026, 4, 3), "issue_date": date(2026, 3, 3)},
        [("before", "03/04"), ("late", "07/04")],
    ),
    "K14 a payment under way": (
        every_day(),
        {"is_being_paid": lambda day: date(2026, 3, 3) <= day < date(2026, 3, 5)},
        [("before", "27/02"), ("late", "05/03"), *WHOLE[2:]],
    ),
    "K15 a credit note in draft": (
        every_day(),
        {"has_draft_credit": lambda day: date(2026, 3, 3) <= day < date(2026, 3, 12)},
        [("before", "27/02"), ("second", "12/03"), ("formal", "01/04")],
    ),
    "K16 three runs in one day": (
        sorted(every_day() * 3),
        {},
        WHOLE,
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_each_case_sends_what_it_should_on_its_day(case):
    days, facts, sent = CASES[case]

    assert run(days, **facts) == sent


def test_what_is_overtaken_is_passed_over_and_named():
    found = decide(account(), STEPS, on=date(2026, 3, 9), is_open=OPEN)

    assert found.step.key == "second"
    assert [step.key for step in found.passed] == ["before", "late"]


@pytest.mark.parametrize(
    ("facts", "hold", "until"),
    [
        ({"is_archived": True}, Hold.ARCHIVED, None),
        ({"is_disputed": True}, Hold.DISPUTED, None),
        ({"paused_until": date(2026, 3, 12)}, Hold.PAUSED, date(2026, 3, 12)),
        ({"promised_for": date(2026, 3, 9)}, Hold.PROMISED, date(2026, 3, 10)),
        ({"is_being_paid": True}, Hold.PAYING, None),
        ({"has_draft_credit": True}, Hold.CREDIT_NOTE, None),
        ({"credit": 118_000}, Hold.CREDIT, None),
        ({"is_reachable": False}, Hold.UNREACHABLE, None),
        ({"credit": 117_999}, None, None),
        ({"paused_until": date(2026, 3, 9)}, None, None),
        ({"promised_for": date(2026, 3, 8)}, None, None),
    ],
)
def test_each_hold_says_its_reason_and_its_end(facts, hold, until):
    found = decide(account(**facts), STEPS, on=date(2026, 3, 9), is_open=OPEN)

    assert (found.step.key, found.hold, found.until) == ("second", hold, until)


def test_a_closed_day_waits_for_the_next_open_one():
    found = decide(account(), STEPS, on=date(2026, 4, 4), is_open=OPEN)

    assert (found.hold, found.until) == (Hold.CLOSED_DAY, date(2026, 4, 7))


@pytest.mark.parametrize(
    ("day", "told", "step"),
    [
        (date(2026, 3, 31), {}, None),
        (date(2026, 4, 1), {}, "withheld"),
        (date(2026, 5, 4), {"withheld": date(2026, 4, 1)}, None),
    ],
)
def test_what_is_only_withheld_is_asked_for_once_and_not_before_thirty_days(day, told, step):
    found = decide(account(balance=7_500, withheld=7_500, told=told), STEPS, on=day, is_open=OPEN)

    assert (found.step.key if found.step else None) == step


def test_a_formal_notice_waits_for_a_reminder_that_really_left():
    told = {"before": None, "late": None, "second": date(2026, 4, 13)}

    early = decide(account(told=told), STEPS, on=date(2026, 4, 17), is_open=OPEN)
    late = decide(account(told=told), STEPS, on=date(2026, 4, 20), is_open=OPEN)

    assert (early.hold, early.until) == (Hold.GAP, date(2026, 4, 20))
    assert (late.step.key, late.is_to_send) == ("formal", True)


@pytest.mark.parametrize(
    ("day", "is_open"),
    [
        (date(2026, 4, 3), True),
        (date(2026, 4, 5), False),
        (date(2026, 4, 6), False),
        (date(2026, 5, 14), False),
        (date(2026, 5, 27), False),
        (date(2026, 8, 7), False),
        (date(2026, 12, 25), False),
        (date(2026, 12, 28), True),
    ],
)
def test_messages_leave_on_working_days_of_the_country(day, is_open):
    assert OPEN(day) is is_open


def test_the_team_corrects_days_of_the_moon():
    corrected = working_days({date(2026, 5, 27): False, date(2026, 5, 28): True})

    assert (corrected(date(2026, 5, 27)), corrected(date(2026, 5, 28))) == (True, False)
