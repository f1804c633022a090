"""Taking an act back: what it changed is kept some minutes, and put back if nothing else changed.

A module says once how an act is undone, in a module read at start:

    declare_undo(
        "client_tags",
        model=Client,
        permission="change",
        read=lambda client: sorted(client.tags.values_list("pk", flat=True)),
        put_back=lambda client, tags, actor: set_tags(client=client, tags=tags, actor=actor),
    )

and after the act, in its transaction, keeps it with the values from before and after:

    kept = remember(
        "client_tags",
        actor=user,
        label=_("Étiquettes de 12 clients"),
        rows=[Change(client.pk, before, after), …],
        at=timezone.now(),
    )

`core.backoffice.undo.offer(request, text, kept)` shows the message with its « Annuler ». Values are
plain JSON: texts, numbers, lists. `read` gives the value as it is now, to be compared.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Model

from core.access.row_guard import policy_of
from core.audit.log import record
from core.desk.models import UndoRecord

KEPT_FOR = timedelta(minutes=10)
MOST_ROWS = 1000


class TooLate(Exception):
    """The minutes are over, or it was undone already."""


@dataclass(frozen=True)
class Change:
    """What an act changed on one row."""

    pk: int
    before: Any
    after: Any


@dataclass(frozen=True)
class Undo:
    """How a kind of act is taken back."""

    model: type[Model]
    permission: str
    read: Callable[[Any], Any]
    put_back: Callable[[Any, Any, Any], None]
    refusals: tuple[type[Exception], ...] = ()


@dataclass(frozen=True)
class Outcome:
    """How many rows were put back, and the names of those that changed or are out of reach."""

    done: int
    refused: list[str]


_kinds: dict[str, Undo] = {}


def declare_undo(
    kind: str,
    *,
    model: type[Model],
    permission: str = "change",
    read: Callable[[Any], Any],
    put_back: Callable[[Any, Any, Any], None],
    refusals: tuple[type[Exception], ...] = (),
) -> None:
    """Say how a kind of act is undone: `put_back(row, value, actor)` makes one service call.

    `refusals` are the errors with which that service says no to a row.
    """
    _kinds[kind] = Undo(model, permission, read, put_back, refusals)


def kind_of(name: str) -> Undo:
    """Return how a kind of act is undone.

    :raises KeyError: if nobody declared it.
    """
    return _kinds[name]


def remember(
    kind: str, *, actor: Any, label: Any, rows: Sequence[Change], at: datetime
) -> UndoRecord | None:
    """Keep what an act changed, in its transaction; None when it changed nothing.

    :raises KeyError: if nobody declared the kind.
    """
    kind_of(kind)
    changed = [asdict(row) for row in rows if row.before != row.after]
    if not changed or len(changed) > MOST_ROWS:
        return None
    return UndoRecord.objects.create(
        user=actor,
        kind=kind,
        label=str(label)[:200],
        rows=changed,
        made_at=at,
        until=at + KEPT_FOR,
    )


@transaction.atomic
def undo_act(*, kept: UndoRecord, actor: Any, at: datetime) -> Outcome:
    """Put back what an act changed, row by row; a row that changed since stays as it is.

    :raises TooLate: once the minutes are over, or the second time.
    """
    locked = UndoRecord.objects.select_for_update().get(pk=kept.pk)
    if locked.undone_at is not None or locked.until < at:
        raise TooLate
    how = _kinds[locked.kind]
    changes = {row["pk"]: row for row in locked.rows}
    found = how.model._default_manager.select_for_update(of=("self",)).filter(pk__in=changes)
    done, refused, missing = 0, [], set(changes)
    for row in found.order_by("pk"):
        missing.discard(row.pk)
        if _put_back(how, row, changes[row.pk], actor):
            done += 1
        else:
            refused.append(str(row))
    refused += [f"n° {pk}" for pk in sorted(missing)]
    locked.undone_at = at
    locked.save(update_fields=["undone_at"])
    record("act_undone", actor, actor=actor, act=locked.label, done=done, refused=len(refused))
    return Outcome(done, refused)


def _put_back(how: Undo, row: Any, change: dict[str, Any], actor: Any) -> bool:
    policy = policy_of(how.model)
    if not policy.user_has_permission_for_instance(actor, how.permission, row):
        return False
    if how.read(row) != change["after"]:
        return False
    try:
        with transaction.atomic():
            how.put_back(row, change["before"], actor)
    except how.refusals:
        return False
    return True


def forget_old_acts(*, at: datetime) -> int:
    """Remove what can no longer be undone; return how many."""
    return UndoRecord.objects.filter(until__lt=at - timedelta(days=1)).delete()[0]
