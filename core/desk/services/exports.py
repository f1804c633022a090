"""The life of a long export: asked once, begun, followed, ended, removed. The worker writes it."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from core.audit.log import record
from core.desk.models import ListExport
from core.files.services import owe_removal
from core.notify.team import tell_staff
from core.outbox.services import owe

LIST_EXPORT = "list_export"
KEPT_FOR = timedelta(days=7)
SILENCE = timedelta(seconds=90)  # without a sign of life, the worker that had it is gone
MOST_TRIES = 3
State = ListExport.State


class StillRunning(Exception):
    """Another worker is writing this export."""


class Stopped(Exception):
    """The export was cancelled while it was written."""


@transaction.atomic
def ask_list_export(
    *, user: Any, title: str, path: str, query: str, file_format: str, total: int, at: datetime
) -> ListExport:
    """Owe a person the file of a listing; a second click gives the export under way."""
    export, is_new = ListExport.objects.get_or_create(
        user=user,
        path=path,
        query=query,
        format=file_format,
        state__in=ListExport.UNDER_WAY,
        defaults={"title": title[:120], "total": total, "asked_at": at, "state": State.WAITING},
    )
    if is_new:
        record("list_export_asked", export, actor=user, listing=path, rows=total)
        owe(LIST_EXPORT, key=f"list-export:{export.token}", payload={"export_id": export.pk})
    return export


@transaction.atomic
def begin_list_export(*, export_id: int, at: datetime) -> ListExport | None:
    """Take an export to write it, from its first line; None when nobody wants it any more.

    :raises StillRunning: if another worker gave a sign of life lately.
    """
    export = ListExport.objects.select_for_update(of=("self",)).get(pk=export_id)
    if not export.is_under_way:
        return None
    if export.state == State.RUNNING and export.seen_at and export.seen_at > at - SILENCE:
        raise StillRunning
    export.state, export.seen_at, export.done, export.error = State.RUNNING, at, 0, ""
    export.tries += 1
    export.save()
    return export


def follow_list_export(*, export: ListExport, done: int, at: datetime) -> None:
    """Say how many lines are written.

    :raises Stopped: if the export was cancelled.
    """
    running = ListExport.objects.filter(pk=export.pk, state=State.RUNNING)
    if not running.update(done=done, seen_at=at):
        raise Stopped


@transaction.atomic
def finish_list_export(
    *, export: ListExport, key: str, size: int, name: str, content_type: str, at: datetime
) -> None:
    """Keep the file of an export for seven days and tell its owner; dropped if cancelled."""
    row = ListExport.objects.select_for_update(of=("self",)).get(pk=export.pk)
    if row.state != State.RUNNING:
        owe_removal(key)
        return
    row.state, row.key, row.size, row.done = State.READY, key, size, row.total
    row.name, row.content_type = name[:150], content_type
    row.ended_at, row.expires_at = at, at + KEPT_FOR
    row.save()
    _tell(row, _("Votre export est prêt : %(title)s.") % {"title": row.title})


@transaction.atomic
def fail_list_export(*, export: ListExport, reason: str, at: datetime, is_final: bool) -> None:
    """Write why an export failed; it is tried again unless that would not help."""
    row = ListExport.objects.select_for_update(of=("self",)).get(pk=export.pk)
    if row.state != State.RUNNING:
        return
    row.error = reason[:300]
    row.state = State.WAITING
    if is_final or row.tries >= MOST_TRIES:
        row.state, row.ended_at = State.FAILED, at
        _tell(row, _("Votre export a échoué : %(title)s.") % {"title": row.title})
    row.save()


@transaction.atomic
def cancel_list_export(*, export: ListExport, actor: Any, at: datetime) -> bool:
    """Stop an export that is under way; tell whether there was something to stop."""
    waiting = ListExport.objects.filter(pk=export.pk, state__in=ListExport.UNDER_WAY)
    if not waiting.update(state=State.CANCELLED, ended_at=at):
        return False
    record("list_export_cancelled", export, actor=actor)
    return True


def record_list_download(*, export: ListExport, actor: Any) -> None:
    """Write down that the file of an export was taken."""
    record("list_export_downloaded", export, actor=actor, listing=export.path, rows=export.total)


@transaction.atomic
def remove_old_list_exports(*, at: datetime) -> int:
    """Remove the files whose days are over; return how many."""
    old = ListExport.objects.filter(expires_at__lte=at).exclude(key="")
    rows = list(old.select_for_update(skip_locked=True, of=("self",))[:200])
    for export in rows:
        owe_removal(export.key)
        export.key = ""
        export.save(update_fields=["key"])
    ListExport.objects.filter(asked_at__lt=at - 12 * KEPT_FOR, key="").exclude(
        state__in=ListExport.UNDER_WAY
    ).delete()
    return len(rows)


def _tell(export: ListExport, text: str) -> None:
    tell_staff(
        "list_export",
        to=[export.user],
        text=text,
        url=reverse("nourx_export", args=[export.token]),
        key=f"{export.token}:{export.state}",
        mails=False,
    )
