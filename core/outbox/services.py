"""Owing work, and doing it exactly as often as it takes: at least once, and no more in effect."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from celery import current_app
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from kombu.exceptions import OperationalError

from core import rls
from core.outbox.models import OwedWork

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
MOST_TRIES = 12
Handler = Callable[[dict], None]
_handlers: dict[str, Handler] = {}
_patient: set[str] = set()
MOST_NUDGES = 20  # beyond, one nudge of the sweep is quicker
PATIENT_QUEUE = "documents"  # work of seconds, such as PDFs: it must not stand before a payment


class UnknownTopic(Exception):
    """No app says how to do this work."""


class WorkersDied(Exception):
    """Each worker that tried died of it, without a word: one more would die too."""


def handles(topic: str, *, is_patient: bool = False) -> Callable[[Handler], Handler]:
    """Say which function does the work of a topic. It must be safe to run twice.

    Patient work has a queue of its own, so that nobody waits behind it.
    """

    def register(handler: Handler) -> Handler:
        _handlers[topic] = handler
        if is_patient:
            _patient.add(topic)
        return handler

    return register


def topics() -> set[str]:
    """Return the topics that some app can do."""
    return set(_handlers)


def owe(
    topic: str, *, key: str, payload: dict, client_id: int | None = None, at: datetime | None = None
) -> OwedWork | None:
    """Owe work in the current transaction; the worker is nudged after the commit.

    Returns None when the key is owed already: asking twice has one effect.
    """
    work, is_new = OwedWork.objects.get_or_create(
        key=key,
        defaults={
            "topic": topic,
            "payload": payload,
            "client_id": client_id,
            "next_try_at": at or timezone.now(),
        },
    )
    if not is_new:
        return None
    transaction.on_commit(lambda: nudge(work))
    return work


@dataclass(frozen=True)
class Piece:
    """One piece of the same work as many others."""

    key: str
    payload: dict
    client_id: int | None = None
    at: datetime | None = None


def owe_all(topic: str, pieces: Sequence[Piece]) -> None:
    """Owe many pieces of work in the current transaction, in three queries.

    What is owed already under the same key is left as it is. Work for later waits for the sweep.
    """
    if not pieces:
        return
    now = timezone.now()
    keys = [piece.key for piece in pieces]
    known = set(OwedWork.objects.filter(key__in=keys).values_list("key", flat=True))
    rows = [
        OwedWork(
            topic=topic,
            key=piece.key,
            payload=piece.payload,
            client_id=piece.client_id,
            next_try_at=piece.at or now,
        )
        for piece in pieces
        if piece.key not in known
    ]
    OwedWork.objects.bulk_create(rows, ignore_conflicts=True)
    soon = [row.key for row in rows if row.next_try_at <= now]
    if soon:
        transaction.on_commit(lambda: _nudge_all(soon))


def _nudge_all(keys: list[str]) -> None:
    if len(keys) > MOST_NUDGES:
        return _sweep()
    for work in OwedWork.objects.filter(key__in=keys, state=OwedWork.State.OWED).order_by("pk"):
        nudge(work)


def _sweep() -> None:
    try:
        current_app.send_task("core.outbox.tasks.drain")
    except OperationalError:
        logger.warning("The broker is away; owed work waits for the sweep")


def nudge(work: OwedWork) -> None:
    """Ask a worker to do owed work now. If the broker is away, the sweep finds the work."""
    queue = PATIENT_QUEUE if work.topic in _patient else None
    try:
        current_app.send_task("core.outbox.tasks.do_owed", kwargs={"work_id": work.pk}, queue=queue)
    except OperationalError:
        logger.warning("The broker is away; owed work %s waits for the sweep", work.pk)


def due(at: datetime) -> list[int]:
    """Return the ids of work that is owed now and that no worker holds, oldest first."""
    return [work.pk for work in _due(at)]


def nudge_due(at: datetime) -> None:
    """Send every piece of work that is due to the workers: what a lost nudge left behind."""
    for work in _due(at):
        nudge(work)


def do(work_id: int, *, at: datetime) -> bool:
    """Do one piece of owed work, if it is still owed and nobody holds it.

    Whatever goes wrong is written on the row, with the time of the next try, and raised.
    """
    work = _claim(work_id, at)
    if work is None:
        return False
    if work.tries > MOST_TRIES:
        _put_off(work, WorkersDied(work.topic), at)
        return False
    scope = rls.Scope(clients=(work.client_id,)) if work.client_id else rls.NOBODY
    try:
        handler = _handlers.get(work.topic)
        if handler is None:
            raise UnknownTopic(work.topic)
        with rls.entered(scope):
            handler(work.payload)
    except BaseException as error:
        _put_off(work, error, at)
        raise
    OwedWork.objects.filter(pk=work.pk).update(
        state=OwedWork.State.DONE, done_at=timezone.now(), leased_until=None, last_error=""
    )
    return True


def resume(work: OwedWork, *, at: datetime) -> None:
    """Owe again work that failed or was given up, at once and with all its tries."""
    OwedWork.objects.filter(pk=work.pk).exclude(state=OwedWork.State.DONE).update(
        state=OwedWork.State.OWED, tries=0, next_try_at=at, leased_until=None
    )
    transaction.on_commit(lambda: nudge(work))


def _due(at: datetime) -> list[OwedWork]:
    rows = OwedWork.objects.filter(_free(at), state=OwedWork.State.OWED, next_try_at__lte=at)
    return list(rows.order_by("next_try_at")[:200])


def _free(at: datetime) -> Q:
    return Q(leased_until=None) | Q(leased_until__lt=at)


def _claim(work_id: int, at: datetime) -> OwedWork | None:
    taken = OwedWork.objects.filter(
        _free(at), pk=work_id, state=OwedWork.State.OWED, next_try_at__lte=at
    ).update(leased_until=at + LEASE, tries=F("tries") + 1)
    return OwedWork.objects.get(pk=work_id) if taken else None


def _put_off(work: OwedWork, error: BaseException, at: datetime) -> None:
    """Write the failure down; wait longer each time, and give up after the last try."""
    wait = timedelta(seconds=min(30 * 2 ** (work.tries - 1), 6 * 3600))
    is_dead = work.tries >= MOST_TRIES
    OwedWork.objects.filter(pk=work.pk).update(
        state=OwedWork.State.DEAD if is_dead else OwedWork.State.OWED,
        next_try_at=at + wait,
        leased_until=None,
        last_error=f"{type(error).__name__}: {error}"[:2000],
    )
