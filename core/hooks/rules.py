"""Where modules say what the rules of the team may watch, and where answers to mail are read."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from core.hooks.gathering import gather

TEXT, NUMBER, AMOUNT, DAY, CHOICE = "text", "number", "amount", "day", "choice"


@dataclass(frozen=True)
class FactField:
    """A value that every fact of an event has: compared by rules, written in their messages.

    `kind` is TEXT, NUMBER, AMOUNT (minor units of the fact's currency), DAY or CHOICE; `choices`
    are (value, label) pairs; `example` is what a preview without a real fact shows.
    """

    label: Any
    kind: str = TEXT
    choices: Sequence[tuple[Any, Any]] = ()
    example: str = ""


@dataclass(frozen=True)
class Fact:
    """Something that is so of one row: an invoice due on a day, a ticket nobody answered.

    `on` is the day that the days of a rule count from. `ended_on` is the day it ceased to be so,
    None while it is. `url` is the team's page, `client_url` the client's, both paths. The people
    are ids of accounts of the team; `grant` at the client opens what it is about.
    """

    key: str
    on: date
    title: str
    values: Mapping[str, Any]
    url: str
    client_id: int | None = None
    client_name: str = ""
    client_url: str = ""
    project_id: int | None = None
    currency: str = "XOF"
    assignee_id: int | None = None
    lead_id: int | None = None
    team_ids: tuple[int, ...] = ()
    ended_on: date | None = None
    is_of_client: bool = True  # False: internal, never told to the client


@dataclass(frozen=True)
class RuleEvent:
    """A kind of facts that rules may watch.

    `find(since, until)` gives the facts whose day lies between the two, both included, those that
    ended too; at most `MOST_FACTS` of them, in a few queries, called in the scope of the team.
    `sentence` is what is told without a template, with the placeholders of the fields. `right` is
    the Django permission that lets somebody of the team read it.
    """

    name: str
    label: Any
    group: Any
    fields: Mapping[str, FactField]
    sentence: Any
    find: Callable[[date, date], Iterable[Fact]]
    grant: str = ""
    right: str = ""
    day_label: Any = ""  # what the days count from, such as « l’échéance »
    audiences: frozenset[str] = field(default_factory=frozenset)  # of facts: assignee, team…


MOST_FACTS = 20_000


def rule_events() -> dict[str, RuleEvent]:
    """`nourx_rule_events()` → what rules of the team may watch, and how its facts are found."""
    return {event.name: event for event in gather("nourx_rule_events")}


def reply_mailbox() -> str:
    """`nourx_reply_mailbox()` → the address of a mailbox of ours that reads answers."""
    return next(iter(gather("nourx_reply_mailbox")), "")
