"""Journals for a spreadsheet: CSV that French Excel opens, and a workbook. No cell runs.

Rows are written one by one; the workbook goes to disk as it grows.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, BinaryIO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from billing.accounting.formats.rows import Book, Row
from billing.accounting.formats.texts import one_line
from core.backoffice.exports import harmless
from core.money import to_major

HEADINGS = (
    "date",
    "journal",
    "numero",
    "piece",
    "date_piece",
    "compte",
    "libelle_compte",
    "tiers",
    "nom_tiers",
    "libelle",
    "debit",
    "credit",
    "lettrage",
    "montant_devise",
    "devise",
)
BOM = "\ufeff"
SHEET_ROWS = 1_000_000  # a sheet holds 1 048 576 at most


def csv_lines(rows: Iterable[Row], book: Book) -> Iterator[str]:
    """Write a CSV: semicolons, a UTF-8 mark, day first, decimal comma, harmless cells."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    writer.writerow(HEADINGS)
    yield BOM + _emptied(buffer)
    for row in rows:
        writer.writerow(_csv_cells(row, book))
        yield _emptied(buffer)


def write_workbook(rows: Iterable[Row], book: Book, target: BinaryIO) -> None:
    """Write a workbook, a sheet per million lines, with real dates and numbers."""
    workbook = Workbook(write_only=True)
    sheet = _new_sheet(workbook, "Journal")
    for rank, row in enumerate(rows, start=1):
        if rank % SHEET_ROWS == 0:
            sheet = _new_sheet(workbook, f"Journal {rank // SHEET_ROWS + 1}")
        sheet.append(_cells(row, book))
    workbook.save(target)


def _new_sheet(workbook: Workbook, title: str) -> Any:
    sheet = workbook.create_sheet(title)
    sheet.freeze_panes = "A2"
    for letter, width in zip("ABCDEFGHIJKLMNO", WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.append([_heading(sheet, name) for name in HEADINGS])
    return sheet


WIDTHS = (11, 8, 8, 16, 11, 10, 34, 10, 30, 48, 14, 14, 9, 14, 7)


def _heading(sheet: Any, name: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value=name)
    cell.font = Font(bold=True)
    return cell


def _cells(row: Row, book: Book) -> list[Any]:
    return [
        row.date,
        book.journals[row.journal][0],
        row.number,
        harmless(one_line(row.piece)),
        row.piece_date,
        row.account,
        harmless(one_line(row.account_label)),
        row.aux,
        harmless(one_line(row.aux_label)),
        harmless(one_line(row.label)),
        to_major(row.debit, book.currency),
        to_major(row.credit, book.currency),
        row.lettering,
        None if row.foreign is None else to_major(row.foreign, row.currency),
        "" if row.foreign is None else row.currency,
    ]


def _csv_cells(row: Row, book: Book) -> list[str]:
    return [_text(cell) for cell in _cells(row, book)]


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, date):
        return f"{cell:%d/%m/%Y}"
    if isinstance(cell, str):
        return cell
    return f"{cell:f}".replace(".", ",") if not isinstance(cell, int) else str(cell)


def _emptied(buffer: io.StringIO) -> str:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text
