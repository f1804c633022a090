"""Writes the entries of a period to a file. Nothing is closed, taken or marked by it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from billing.accounting.extracts import Wanted, book_of
from billing.accounting.formats.fec import LATIN, UTF8, fec_note
from billing.accounting.management.days import day
from billing.accounting.models import Books, ExportBatch
from billing.accounting.services import (
    CannotValidate,
    ensure_books,
    post_entries,
    validate_entries,
)
from billing.accounting.writing import Count, write_file
from core import rls
from core.accounts.models import Company

ENCODINGS = {"utf-8": UTF8, "latin-9": LATIN}
SEPARATORS = {"tab": "\t", "pipe": "|"}


class Command(BaseCommand):
    help = "Posts what happened, then writes the entries of a period to a file."

    def add_arguments(self, parser):
        parser.add_argument("--format", required=True, choices=ExportBatch.Format.values)
        parser.add_argument("--start", required=True, type=day, metavar="YYYY-MM-DD")
        parser.add_argument("--end", required=True, type=day, metavar="YYYY-MM-DD")
        parser.add_argument("--output", required=True, type=Path)
        parser.add_argument("--encoding", choices=sorted(ENCODINGS), default="utf-8")
        parser.add_argument("--separator", choices=sorted(SEPARATORS), default="tab")
        parser.add_argument("--company", type=int, help="its id, when there are several")
        parser.add_argument(
            "--validate", action="store_true", help="number the entries until --end for good first"
        )
        parser.add_argument(
            "--validated-only", action="store_true", help="leave out entries not validated yet"
        )
        parser.add_argument("--note", type=Path, help="also write the note that goes with a FEC")

    def handle(self, *args, **options):
        if options["start"] > options["end"]:
            raise CommandError("--start is after --end.")
        with rls.staff("accounting: a person asked for the entries of a period"):
            company = _company(options["company"])
            posted = post_entries(company=company, at=timezone.now())
            if options["validate"]:
                self._validate(company, options)
            wanted = self._wanted(ensure_books(company=company), options)
            count = _write(wanted, options)
            drafts = wanted.entries.filter(number=None).count()
            if options["note"]:
                _write_note(wanted, drafts, options)
        for problem in posted.problems:
            self.stderr.write(f"Not posted: {problem.kind} {problem.source_id}: {problem.text}")
        told = f"{count.entries} entries, {count.lines} lines, {count.debit} on each side"
        rest = f"; {drafts} not validated yet, with provisional numbers" if drafts else ""
        self.stdout.write(f"{options['output']}: {told}{rest}.")

    def _validate(self, company: Company, options: dict) -> None:
        now = timezone.now()
        today = timezone.localdate(now)
        until = min(options["end"], today - timedelta(days=1))
        try:
            validate_entries(company=company, until=until, today=today, actor=None, at=now)
        except CannotValidate as refusal:
            self.stderr.write(refusal.message)

    def _wanted(self, books: Books, options: dict) -> Wanted:
        return Wanted(
            books=books,
            start=options["start"],
            end=options["end"],
            drafts=not options["validated_only"],
            today=timezone.localdate(),
        )


def _company(pk: int | None) -> Company:
    rows = Company.objects.order_by("pk")
    company = rows.filter(pk=pk).first() if pk else rows.first()
    if company is None:
        raise CommandError("There is no such company.")
    return company


def _write(wanted: Wanted, options: dict) -> Count:
    """Write the file beside its place, then put it there: never half a file."""
    output: Path = options["output"]
    draft = output.with_name(f".{output.name}.part")
    try:
        with draft.open("wb") as target:
            count = write_file(
                wanted,
                options["format"],
                target,
                encoding=ENCODINGS[options["encoding"]],
                separator=SEPARATORS[options["separator"]],
            )
        draft.replace(output)
    except OSError as trouble:
        raise CommandError(f"Cannot write {output}: {trouble.strerror}") from trouble
    finally:
        draft.unlink(missing_ok=True)
    return count


def _write_note(wanted: Wanted, drafts: int, options: dict) -> None:
    note = fec_note(
        book_of(wanted.books),
        start=wanted.start,
        end=wanted.end,
        encoding=options["encoding"],
        drafts=drafts,
    )
    options["note"].write_text(note)
