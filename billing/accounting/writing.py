"""Writing a file of entries to a stream, and counting what went into it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from billing.accounting.extracts import Wanted, book_of, read_rows
from billing.accounting.formats.fec import UTF8, fec_lines, fec_name
from billing.accounting.formats.rows import Book, Row
from billing.accounting.formats.sage import ENCODING, pnm_lines, sage_lines
from billing.accounting.formats.tables import csv_lines, write_workbook
from billing.accounting.models import ExportBatch

Format = ExportBatch.Format
EXTENSIONS = {"fec": "txt", "sage": "txt", "pnm": "pnm", "csv": "csv", "xlsx": "xlsx"}
BLOCK = 1 << 16


class Unbalanced(Exception):
    """What was written does not balance: the file must not be used."""


@dataclass
class Count:
    """What a file holds: lines, entries, and the sums of both sides."""

    lines: int = 0
    entries: int = 0
    debit: int = 0
    credit: int = 0

    def through(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Count rows as they pass."""
        last = None
        for row in rows:
            self.lines += 1
            self.debit += row.debit
            self.credit += row.credit
            if row.entry_id != last:
                self.entries, last = self.entries + 1, row.entry_id
            yield row


def write_file(
    wanted: Wanted,
    format: str,
    target: BinaryIO,
    *,
    encoding: str = UTF8,
    separator: str = "\t",
) -> Count:
    """Write the entries in a format; `encoding` and `separator` are for the FEC alone.

    :raises Unbalanced: if debit and credit differ.
    """
    count, book = Count(), book_of(wanted.books)
    rows = count.through(read_rows(wanted))
    if format == Format.XLSX:
        write_workbook(rows, book, target)
    elif format == Format.FEC:
        lines = fec_lines(rows, book, encoding=encoding, separator=separator)
        _write_lines(lines, target, encoding)
    elif format == Format.CSV:
        _write_lines(csv_lines(rows, book), target, "utf-8")
    else:
        lines = sage_lines(rows, book) if format == Format.SAGE else pnm_lines(rows, book)
        _write_lines(lines, target, ENCODING)
    if count.debit != count.credit:
        raise Unbalanced(f"{count.debit} != {count.credit}")
    return count


def file_name(wanted: Wanted, format: str, book: Book) -> str:
    """Return the name that a file is kept under."""
    if format == Format.FEC:
        return fec_name(book, wanted.end)
    return f"{format}-{wanted.start:%Y%m%d}-{wanted.end:%Y%m%d}.{EXTENSIONS[format]}"


def _write_lines(lines: Iterable[str], target: BinaryIO, encoding: str) -> None:
    block, size = [], 0
    for line in lines:
        block.append(line)
        size += len(line)
        if size > BLOCK:
            target.write("".join(block).encode(encoding))
            block, size = [], 0
    target.write("".join(block).encode(encoding))
