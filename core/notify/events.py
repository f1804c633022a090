"""What people may be told of. Each app declares its events in a module read at start.

    declare_event(
        "document_shared",
        label=_("Nouveau document"),
        group=_("Documents"),
        grant=Grant.VIEW_PROJECTS,
    )

People choose, event by event, where they want to be told: in the portal, by e-mail, on their
devices. An event that is `kept` by mail (a receipt, an invoice) cannot be switched off there.
"""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.text import slugify

from core.access.grants import every_grant_of
from core.access.roles import Grant

ICONS_BY_NAME = {  # by the first word of the name of an event
    "document": "document",
    "deliverable": "layers",
    "milestone": "flag",
    "project": "layers",
    "task": "tasks",
    "ticket": "support",
}
ICONS = {
    Grant.VIEW_PROJECTS: "tasks",
    Grant.TAKE_PART: "tasks",
    Grant.VIEW_BILLING: "receipt",
    Grant.PAY_INVOICES: "receipt",
    Grant.OPEN_TICKETS: "support",
    Grant.MANAGE_MEMBERS: "users",
}


@dataclass(frozen=True)
class Event:
    """Something people may be told of."""

    name: str
    label: Any
    group: Any
    grant: str = ""
    mails: bool = True
    kept: bool = False

    @property
    def group_key(self) -> str:
        """Return the name of its group in an address, the same in every language."""
        with translation.override(settings.LANGUAGE_CODE):
            return slugify(str(self.group))

    @property
    def icon(self) -> str:
        """Return the icon of its notices, by what it is about."""
        by_name = ICONS_BY_NAME.get(self.name.partition("_")[0])
        return by_name or ICONS.get(self.grant, "bell")  # type: ignore[call-overload]

    def concerns(self, user: Any, client_id: int | None = None) -> bool:
        """Tell whether a person may read what it is about: somewhere, or at this client."""
        grants = every_grant_of(user)
        inside = grants.clients_with(Grant.ENTER)
        if client_id is not None:
            inside &= {client_id}
        if self.grant == Grant.VIEW_PROJECTS and grants.projects:
            return bool(inside)
        return bool(inside & grants.clients_with(self.grant or Grant.ENTER))


_events: dict[str, Event] = {}


def declare_event(
    name: str, *, label: Any, group: Any, grant: str = "", mails: bool = True, kept: bool = False
) -> None:
    """Say that people may be told of something.

    `grant` shows the choice to who holds it somewhere only; `mails` is False for what is shown in
    the portal alone; `kept` says that the mail always leaves. Both together: it leaves by another
    way than `announce`, with a paper for instance.
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


def label_of(name: str) -> str:
    """Return the words for an event, or its name when no app declares it any more."""
    event = _events.get(name)
    return str(event.label) if event else name


def events_by_group(user: Any) -> dict[str, list[Event]]:
    """Return the events that concern a person, by the label of their group."""
    groups: dict[str, list[Event]] = {}
    for event in _events.values():
        if event.concerns(user):
            groups.setdefault(str(event.group), []).append(event)
    return groups
