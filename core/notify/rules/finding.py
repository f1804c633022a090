"""Which facts a rule tells on which day, and to whom. Reads only: dry runs use it too."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from core.hooks.rules import Fact, RuleEvent, rule_events
from core.notify.models import NotificationRule
from core.notify.rules.audiences import Audience, Recipient
from core.notify.rules.conditions import Condition, holds
from core.workdays.days import working_days
from core.workdays.models import Holiday

Channel = NotificationRule.Channel
SLACK = timedelta(days=14)  # as long as days off may push a message


@dataclass(frozen=True)
class Telling:
    """One person told of one fact by one channel, on the day it is due."""

    fact: Fact
    recipient: Recipient
    channel: str
    due_on: date

    @property
    def channel_label(self) -> str:
        """Return the words for its channel."""
        return str(Channel(self.channel).label)


class UnknownEvent(Exception):
    """No module finds the facts of this event any more."""


def event_of(rule: NotificationRule) -> RuleEvent:
    """Return the event of a rule.

    :raises UnknownEvent: if no module declares it.
    """
    event = rule_events().get(rule.event)
    if event is None:
        raise UnknownEvent(rule.event)
    return event


def due_facts(
    rule: NotificationRule, since: date, until: date, *, as_it_was: bool = False
) -> Iterator[tuple[date, Fact]]:
    """Yield each fact that a rule tells between two days, with its day; the oldest day first.

    A fact that is over is left out; `as_it_was` keeps those that were still so on their day.
    """
    event, shift = event_of(rule), timedelta(days=rule.shift)
    conditions = [Condition(one.fact, one.operator, one.value) for one in rule.conditions.all()]
    day_of = told_on(rule)
    found = []
    for fact in event.find(since - shift - SLACK, until - shift):
        day = day_of(fact.on + shift)
        is_due = since <= day <= until and _is_so(fact, day, as_it_was=as_it_was)
        if is_due and holds(conditions, event.fields, fact.values, fact.currency):
            found.append((day, fact))
    yield from sorted(found, key=lambda one: (one[0], one[1].key))


def tellings(
    rule: NotificationRule, since: date, until: date, *, as_it_was: bool = False
) -> Iterator[Telling]:
    """Yield what a rule tells between two days: person by person, channel by channel."""
    audience = audience_of(rule)
    for day, fact in due_facts(rule, since, until, as_it_was=as_it_was):
        for recipient in audience.of(fact):
            for channel in rule.channels:
                if _takes(recipient, channel):
                    yield Telling(fact, recipient, channel, day)


def audience_of(rule: NotificationRule) -> Audience:
    """Return what finds whom a rule tells."""
    return Audience(event_of(rule), rule.audience, rule.addresses.split())


def told_on(rule: NotificationRule) -> Callable[[date], date]:
    """Return what gives the day a message leaves, from the day it is due."""
    if not rule.works_only:
        return lambda day: day
    corrections: dict[date, Any] = dict(Holiday.objects.values_list("on", "is_off"))
    is_open = working_days(corrections)

    def open_day(day: date) -> date:
        for later in range(SLACK.days):
            if is_open(day + timedelta(days=later)):
                return day + timedelta(days=later)
        return day

    return open_day


def _is_so(fact: Fact, day: date, *, as_it_was: bool) -> bool:
    if fact.ended_on is None:
        return True
    return as_it_was and fact.ended_on > day


def _takes(recipient: Recipient, channel: str) -> bool:
    """Tell whether a kind of recipient can be reached by a channel at all."""
    if channel == Channel.NOTICE:
        return recipient.user is not None
    return channel == Channel.EMAIL or not recipient.key.startswith("address:")
