"""Handing entries over: a batch takes them once, its file is kept, and may be cancelled."""

from __future__ import annotations

import hashlib
import tempfile
from datetime import date, datetime
from typing import BinaryIO

from django.core.files.base import File
from django.core.files.storage import storages
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from billing.accounting.extracts import SCOPES, Wanted, book_of
from billing.accounting.models import Books, ExportBatch, JournalEntry
from billing.accounting.services.refusal import Refused
from billing.accounting.writing import file_name, write_file
from core import rls
from core.accounts.models import User
from core.audit.log import record
from core.outbox.services import owe

TOPIC = "accounting.export"
State = ExportBatch.State


class CannotExport(Refused):
    """There is nothing to hand over, the dates are upside down, or it is cancelled already."""


@transaction.atomic
def make_export(
    *,
    books: Books,
    format: str,
    start: date,
    end: date,
    actor: User | None,
    at: datetime,
    scope: str = "",
) -> ExportBatch:
    """Ask for a file of validated entries; a transfer takes those that no other has taken.

    The file itself is made by a worker (`write_export`).

    :raises CannotExport: if there is nothing new to hand over, or the dates are upside down.
    """
    if start > end:
        raise CannotExport(_("La fin vient avant le début."))
    with rls.staff("accounting: entries of every client"):
        books = Books.objects.select_for_update(of=("self",)).get(pk=books.pk)
        number = books.batches.aggregate(last=Max("number"))["last"] or 0
        batch = ExportBatch(
            books=books,
            number=number + 1,
            format=format,
            scope=scope,
            start=start,
            end=end,
            made_by=actor,
            made_at=at,
        )
        _take(batch)
        record("export_made", batch, actor=actor, entries=batch.entry_count, format=format)
        owe(TOPIC, key=f"accounting-export:{batch.pk}", payload={"batch_id": batch.pk})
    return batch


def _take(batch: ExportBatch) -> None:
    """Keep a batch with its entries, which it takes from all that no other has taken."""
    entries = _wanted(batch).entries
    if batch.takes_entries:
        entries = entries.filter(batch=None)
    batch.entry_count = entries.count()
    if not batch.entry_count:
        raise CannotExport(_("Aucune écriture validée à exporter sur cette période."))
    batch.save(force_insert=True)
    if batch.takes_entries:
        batch.entry_count = entries.update(batch=batch)
        batch.save(update_fields=["entry_count"])


@transaction.atomic
def write_export(*, batch_id: int) -> ExportBatch:
    """Make the file of a batch and keep it. One that is made, or cancelled, stays as it is."""
    with rls.staff("accounting: entries of every client"):
        batch = (
            ExportBatch.objects.select_for_update(of=("self",))
            .select_related("books__company")
            .get(pk=batch_id)
        )
        if batch.state != State.WAITING:
            return batch
        wanted = _wanted(batch, is_written=True)
        with tempfile.TemporaryFile() as target:
            count = write_file(wanted, batch.format, target)
            batch.line_count, batch.total = count.lines, count.debit
            batch.entry_count = count.entries
            _keep(batch, target, file_name(wanted, batch.format, book_of(batch.books)))
        batch.state = State.READY
        batch.save()
    return batch


@transaction.atomic
def cancel_export(*, batch: ExportBatch, reason: str, actor: User, at: datetime) -> ExportBatch:
    """Give the entries of a batch back, so that another may take them; its file stays.

    :raises CannotExport: if no reason is given, or it is cancelled already.
    """
    if not reason.strip():
        raise CannotExport(_("Dites pourquoi cet export est annulé."))
    with rls.staff("accounting: entries of every client"):
        batch = ExportBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
        if batch.state == State.CANCELLED:
            raise CannotExport(_("Cet export est déjà annulé."))
        freed = JournalEntry.objects.filter(batch=batch).update(batch=None)
        batch.state, batch.reason = State.CANCELLED, reason.strip()[:300]
        batch.cancelled_at, batch.cancelled_by = at, actor
        batch.save(update_fields=["state", "reason", "cancelled_at", "cancelled_by"])
        record("export_cancelled", batch, actor=actor, reason=batch.reason, entries=freed)
    return batch


def open_export(batch: ExportBatch) -> File:
    """Open the file of a batch for reading, as it was made."""
    return storages["private"].open(batch.key)


def record_download(*, batch: ExportBatch, actor: User) -> None:
    """Write down that a file was taken."""
    record("export_downloaded", batch, actor=actor, name=batch.name)


def _wanted(batch: ExportBatch, *, is_written: bool = False) -> Wanted:
    takes = is_written and batch.takes_entries
    return Wanted(
        books=batch.books,
        start=batch.start,
        end=batch.end,
        kinds=SCOPES.get(ExportBatch.Scope(batch.scope), ()),
        batch_id=batch.pk if takes else None,
    )


def _keep(batch: ExportBatch, target: BinaryIO, name: str) -> None:
    target.seek(0)
    batch.sha256 = hashlib.file_digest(target, "sha256").hexdigest()  # type: ignore[arg-type]
    batch.size = target.tell()
    target.seek(0)
    batch.name = name
    key = f"accounting/{batch.books_id}-{batch.number}"
    batch.key = storages["private"].save(key, File(target))
