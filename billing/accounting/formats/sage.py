"""What Sage reads: the tabbed text of Sage 100 (11 columns), and the PNM of fixed width (138).

Pure: rows in, text lines out. Both are written in CP1252.
"""

from collections.abc import Iterable, Iterator

from billing.accounting.formats.fec import figure
from billing.accounting.formats.rows import Book, Row
from billing.accounting.formats.texts import written
from core.money import get_currency

ENCODING = "cp1252"
LABEL = 69
PNM_WIDTH = 138


def sage_lines(rows: Iterable[Row], book: Book) -> Iterator[str]:
    """Write Sage 100 text: type, journal, date, piece, account, third party, label, means of
    payment, due date, debit, credit. No header; a piece is one journal, date and number."""
    scale = get_currency(book.currency).exponent
    codes = {use: written(code, ENCODING) for use, (code, _label) in book.journals.items()}
    for row in rows:
        fields = (
            "G",
            codes[row.journal],
            f"{row.date:%d%m%y}",
            str(row.number),
            row.account,
            row.aux,
            written(row.label, ENCODING)[:LABEL],
            "",
            f"{row.due_on:%d%m%y}" if row.due_on and row.aux else "",
            figure(row.debit, scale) if row.debit else "",
            figure(row.credit, scale) if row.credit else "",
        )
        yield "\t".join(fields) + "\r\n"


def pnm_lines(rows: Iterable[Row], book: Book) -> Iterator[str]:
    """Write PNM: the name of the company, then lines of 138 characters."""
    scale = get_currency(book.currency).exponent
    codes = {use: written(code, ENCODING) for use, (code, _label) in book.journals.items()}
    yield written(book.company, ENCODING)[:30] + "\r\n"
    for row in rows:
        yield _pnm(row, codes[row.journal], scale) + "\r\n"


def _pnm(row: Row, journal: str, scale: int) -> str:
    amount = figure(row.debit or row.credit, scale, ".")
    due = f"{row.due_on:%d%m%y}" if row.due_on and row.aux else ""
    line = (
        f"{journal[:3]:<3}{row.date:%d%m%y}{_nature(row):<2}{row.account[:13]:<13}"
        f"{'X' if row.aux else ' '}{row.aux[:13]:<13}{written(row.piece, ENCODING)[:13]:<13}"
        f"{written(row.label, ENCODING)[:25]:<25} {due:<6}{'D' if row.debit else 'C'}"
        f"{amount:>20}N{row.number % 10_000_000:07d}"
    )
    return line.ljust(PNM_WIDTH)


def _nature(row: Row) -> str:
    """Return the kind of paper: invoice, credit note, or another."""
    if row.journal != "sales":
        return "OD"
    return "AC" if row.label.startswith("Avoir") else "FC"
