"""The FEC layout: 18 columns, one line per line of entry. An exchange file, not a legal duty here.

Pure: rows in, text lines out.
"""

from collections.abc import Iterable, Iterator
from datetime import date

from billing.accounting.formats.rows import Book, Row
from billing.accounting.formats.texts import written
from core.money import get_currency

COLUMNS = (
    "JournalCode",
    "JournalLib",
    "EcritureNum",
    "EcritureDate",
    "CompteNum",
    "CompteLib",
    "CompAuxNum",
    "CompAuxLib",
    "PieceRef",
    "PieceDate",
    "EcritureLib",
    "Debit",
    "Credit",
    "EcritureLet",
    "DateLet",
    "ValidDate",
    "Montantdevise",
    "Idevise",
)
LATIN = "iso8859_15"
UTF8 = "utf-8"


def fec_lines(
    rows: Iterable[Row], book: Book, *, encoding: str = UTF8, separator: str = "\t"
) -> Iterator[str]:
    """Write a FEC, its header first; every line ends with CR LF."""
    journals = {
        use: (written(code, encoding), written(label, encoding))
        for use, (code, label) in book.journals.items()
    }
    texts = _Texts(encoding)
    scale = get_currency(book.currency).exponent
    yield separator.join(COLUMNS) + "\r\n"
    for row in rows:
        code, label = journals[row.journal]
        fields = (
            code,
            label,
            str(row.number),
            day(row.date),
            row.account,
            texts[row.account_label],
            row.aux,
            texts[row.aux_label],
            texts[row.piece] or "-",
            day(row.piece_date),
            texts[row.label],
            figure(row.debit, scale),
            figure(row.credit, scale),
            row.lettering,
            day(row.lettered_on) if row.lettering else "",
            day(row.validated_on),
            "" if row.foreign is None else figure(row.foreign, _exponent(row.currency)),
            "" if row.foreign is None else row.currency,
        )
        yield separator.join(fields) + "\r\n"


class _Texts(dict):
    """Texts as an encoding writes them, each worked out once while it comes back."""

    def __init__(self, encoding: str):
        super().__init__()
        self.encoding = encoding

    def __missing__(self, text: str) -> str:
        if len(self) > 20_000:
            self.clear()
        self[text] = value = written(text, self.encoding)
        return value


def fec_name(book: Book, on: date) -> str:
    """Return the name of the file: the NCC, FEC, and the last day it covers."""
    return f"{book.ncc.replace(' ', '') or 'SANSNCC'}FEC{day(on)}.txt"


def fec_note(book: Book, *, start: date, end: date, encoding: str, drafts: int) -> str:
    """Return the note that goes with the file: what it is, its columns, its characters."""
    journals = ", ".join(f"{code} {label}" for code, label in book.journals.values())
    lines = [
        f"{book.company} - export au format FEC, du {start:%d/%m/%Y} au {end:%d/%m/%Y}",
        "",
        "Journaux de ventes et de trésorerie tenus dans NOURX, comptes SYSCOHADA.",
        "Ce n'est pas un fichier des écritures comptables légal : il sert à l'échange.",
        f"Texte, une ligne par ligne d'écriture, zones séparées par une tabulation, {encoding}.",
        "Montants avec virgule décimale, sans séparateur de milliers ; dates AAAAMMJJ.",
        f"Zones : {', '.join(COLUMNS)}.",
        "CompAuxNum : code du client, sur les comptes 411 et 419. EcritureLet : lettrage des",
        "factures soldées dont toutes les lignes sont dans ce fichier.",
        f"Journaux : {journals}.",
    ]
    if drafts:
        lines.append(
            f"{drafts} écritures ne sont pas encore validées : leurs numéros sont provisoires."
        )
    return "\n".join(lines) + "\n"


def day(on: date | None) -> str:
    """Write a day: AAAAMMJJ."""
    return f"{on:%Y%m%d}" if on else ""


def figure(amount: int, exponent: int, point: str = ",") -> str:
    """Write an amount of minor units with two decimals: 1180000 francs → « 1180000,00 »."""
    if exponent == 0:
        return f"{amount}{point}00"
    whole, cents = divmod(amount, 10**exponent)
    return f"{whole}{point}{cents:0{exponent}d}"


def _exponent(currency: str) -> int:
    return get_currency(currency).exponent
