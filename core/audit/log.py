"""What was done, by whom: one call per act, kept in Wagtail's log and shown in History."""

from collections.abc import Mapping
from typing import Any

from django.db import models
from wagtail.log_actions import log as write

from core import rls

_declared: dict[str, Any] = {}


def declare(**labels: Any) -> None:
    """Name the acts of an app, each with its French label, before they are recorded."""
    _declared.update(labels)


def declared() -> dict[str, Any]:
    """Return every act with its label."""
    return dict(_declared)


def record(
    action: str,
    instance: models.Model,
    *,
    actor: Any = None,
    changes: Mapping[str, Any] | None = None,
    **data: Any,
) -> None:
    """Write one line of the audit log, in the transaction of the act.

    `changes` maps a field to its [before, after]; other keywords are kept as they are (JSON).
    An actor of None means the system: a job, a provider's notification.

    :raises django.core.exceptions.ValidationError: if the act was not declared.
    """
    if changes:
        data["changes"] = dict(changes)
    client_id = getattr(instance, "client_id", None)
    if client_id:
        data["client_id"] = client_id
    user = actor if actor is not None and actor.is_authenticated else None
    with rls.staff("audit: the log is the team's, whoever acts"):
        write(instance=instance, action=action, user=user, data=data)


def changes_between(before: dict[str, Any], after: dict[str, Any]) -> dict[str, list]:
    """Return what differs between two sets of values, as texts: {field: [before, after]}."""
    return {
        name: [_plain(before.get(name)), _plain(value)]
        for name, value in after.items()
        if before.get(name) != value
    }


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, str | int | bool) else str(value)
