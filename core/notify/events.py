"""What people may be told of. Each app declares its events in a module read at start.

    declare_event(
        "document_shared",
        label=_("Nouveau document"),
        group=_("Documents"),
    )

People choose, event by event, where they want to be told: in the portal, by e-mail. An event that
is `kept` by mail (a receipt, an invoice) cannot be switched off there.
"""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Event:
    """Something people may be told of."""

    name: str
    label: Any
    group: Any
    grant: str = ""
    mails: bool = True
    kept: bool = False


_events: dict[str, Event] = {}


def declare_event(
    name: str, *, label: Any, group: Any, grant: str = "", mails: bool = True, kept: bool = False
) -> None:
    """Say that people may be told of something.

    `grant` shows the choice to who holds it somewhere only; `mails` is False for what is shown in
    the portal alone; `kept` says that the mail always leaves.
    """
    _events[name] = Event(name, label, group, grant, mails, kept)


def events() -> dict[str, Event]:
    """Return what people may be told of, by name, in the order of declaration."""
    return dict(_events)


def event_of(name: str) -> Event:
    """Return a declared event.

    :raises KeyError: if no app declared it.
    """
    return _events[name]
