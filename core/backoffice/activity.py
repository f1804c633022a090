"""What happened lately: acts of everybody, and sign-ins of clients."""

from typing import Any

from django.utils import timezone
from wagtail.log_actions import registry
from wagtail.models import ModelLogEntry

from core.access.row_guard import policy_of
from core.accounts.models import Client, User
from core.ui.formats import moment

MOST_ACTS = 8
MOST_SIGN_INS = 5


def latest(user: Any) -> dict[str, Any]:
    """Return the last acts, and the last people of clients who signed in.

    Empty for whoever may not read clients.
    """
    if not policy_of(Client).user_has_permission(user, "view"):
        return {"acts": [], "sign_ins": []}
    return {"acts": _last_acts(), "sign_ins": _last_sign_ins()}


def said(entry: ModelLogEntry) -> Any:
    """Return what was done, in words; its code when no app declares it any more."""
    if not registry.action_exists(entry.action):
        return entry.action
    return registry.get_formatter(entry).format_message(entry)


def _last_acts() -> list[dict[str, Any]]:
    now = timezone.localtime()
    entries = ModelLogEntry.objects.select_related("user").order_by("-timestamp")[:MOST_ACTS]
    return [
        {
            "what": said(entry),
            "label": entry.label,
            "who": entry.user or "NOURX",
            "when": moment(timezone.localtime(entry.timestamp), now),
        }
        for entry in entries
    ]


def _last_sign_ins() -> list[dict[str, Any]]:
    now = timezone.localtime()
    people = User.objects.filter(is_staff=False, last_login__isnull=False)
    people = people.prefetch_related("memberships__client").order_by("-last_login")
    return [
        {
            "who": person,
            "clients": ", ".join(member.client.name for member in person.memberships.all()),
            "when": moment(timezone.localtime(person.last_login), now),
        }
        for person in people[:MOST_SIGN_INS]
    ]
