"""Reading the CSV statement of a bank or a wallet. Pure: bytes in, lines out, or a clear refusal.

Separator, encoding, decimal comma and dates are found out; columns are known by their names, or
by the mapping of the last time. A file that was cut in its middle is refused whole.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice

from core.money import UnreadableAmount, parse_amount

MOST_BYTES = 5_000_000
MOST_LINES = 20_000
LONGEST_CELL = 2_000
MOST_COLUMNS = 100  # what stands beyond is not read
HEADER_WITHIN = 30  # lines of an address or a title may stand above the header
SAMPLE = 500  # rows that tell the separator
SEPARATORS = (";", ",", "\t", "|")
FIELDS = ("date", "amount", "credit", "debit", "label", "reference", "sender", "status", "balance")

# The words by which banks and operators head their columns, without accents, best first.
NAMES: Mapping[str, tuple[str, ...]] = {
    "date": (
        "date operation", "date de l operation", "date de transaction", "transaction date",
        "date comptable", "completion time", "timestamp", "date valeur", "date et heure",
        "value date", "date",
    ),
    "amount": (
        "montant net", "net amount", "montant", "amount", "montant xof", "montant fcfa",
        "montant transaction", "transaction amount",
    ),
    "credit": ("credit", "credit xof", "montant credit", "entree", "paid in", "encaissement"),
    "debit": ("debit", "debit xof", "montant debit", "sortie", "withdrawn", "decaissement"),
    "label": (
        "libelle", "libelle operation", "description", "details", "motif", "type de transaction",
        "transaction type", "type", "service", "narration",
    ),
    "reference": (
        "reference", "transaction id", "id transaction", "reference transaction", "ref",
        "numero de transaction", "n transaction", "receipt no", "financial transaction id", "id",
        "external id", "n piece",
    ),
    "sender": (
        "counterparty mobile", "numero correspondant", "from", "de", "emetteur", "expediteur",
        "correspondant", "payer", "msisdn", "numero client", "sender", "counterparty name",
        "counterparty", "nom",
    ),
    "status": ("statut", "status", "etat"),
    "balance": ("solde", "balance", "solde apres", "solde apres operation", "running balance"),
}  # fmt: skip
DATES = (
    "%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d/%m/%Y", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%d %H:%M", "%Y-%m-%d", "%d-%m-%Y %H:%M:%S", "%d-%m-%Y %H:%M", "%d-%m-%Y", "%d.%m.%Y",
    "%d/%m/%y", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d", "%Y%m%d",
)  # fmt: skip
FAILED = {"failed", "echec", "echoue", "annule", "annulee", "cancelled", "canceled", "pending",
          "en attente", "rejete", "rejetee", "reversed"}  # fmt: skip


def _(message: str) -> str:
    """Mark a message for translation; whoever shows it translates it."""
    return message


class UnreadableStatement(ValueError):
    """The file is refused whole. `message` is a French sentence with its `facts` in it."""

    def __init__(self, message: str, **facts: object) -> None:
        super().__init__(message)
        self.message, self.facts = message, facts


@dataclass(frozen=True)
class ReadLine:
    """A movement as the file tells it; money in is positive, in minor units."""

    position: int  # the line of the file, from 1
    booked_on: date
    amount: int
    label: str
    reference: str
    sender: str
    fingerprint: str


@dataclass(frozen=True)
class ReadStatement:
    """What a file holds, and how it was read."""

    sha256: str
    encoding: str
    separator: str
    columns: Mapping[str, str]  # field → heading
    lines: tuple[ReadLine, ...]
    skipped: int  # movements that did not happen: failed, pending, of nothing


def read_statement(
    content: bytes, *, currency: str, columns: Mapping[str, str] | None = None
) -> ReadStatement:
    """Read a whole statement. `columns` is how the last file of the account was read.

    :raises UnreadableStatement: if it is too large, no table, cut in its middle, or holds a line
        that cannot be read. Nothing of it may then be kept.
    """
    if len(content) > MOST_BYTES:
        raise UnreadableStatement(_("Ce fichier est trop gros : 5 Mo au plus."))
    text, encoding = _decode(content)
    separator, rows = _table(text)
    at, chosen = _find_header(rows, columns or {})
    header = rows[at]
    lines, skipped = _lines(rows, at, header, chosen, currency)
    return ReadStatement(
        sha256=hashlib.sha256(content).hexdigest(),
        encoding=encoding,
        separator=separator,
        columns={field: header[index] for field, index in chosen.items()},
        lines=tuple(lines),
        skipped=skipped,
    )


def plain(text: str) -> str:
    """Return a text as headings and names are compared: no accent, no case, single spaces."""
    bare = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return " ".join(re.sub(r"[^a-z0-9]+", " ", bare.casefold()).split())


def _decode(content: bytes) -> tuple[str, str]:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "cp1252")  # type: ignore[assignment]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            break
        return text, encoding
    raise UnreadableStatement(_("Ce fichier n’est pas un texte CSV : exportez le relevé en CSV."))


def _table(text: str) -> tuple[str, list[list[str]]]:
    """Return the separator and the rows: the one that makes most rows of several cells alike."""
    if not text.strip():
        raise UnreadableStatement(_("Ce fichier est vide."))
    if text.count('"') % 2:
        raise UnreadableStatement(
            _("Ce fichier est coupé en son milieu : un guillemet n’est pas fermé.")
        )
    separator = max(SEPARATORS, key=lambda each: _alike(text, each))
    rows = list(_split(text, separator))
    if not any(len(row) > 1 for row in rows):
        raise UnreadableStatement(_("Aucune colonne reconnue : est-ce bien un CSV ?"))
    return separator, rows


def _alike(text: str, separator: str) -> int:
    """Say how much of a file a separator explains, from its first lines: cells in rows alike."""
    widths = Counter(len(row) for row in islice(_split(text, separator), SAMPLE))
    return max(
        (width * count for width, count in widths.items() if 1 < width < MOST_COLUMNS), default=0
    )


def _split(text: str, separator: str) -> Iterator[list[str]]:
    """Give the rows one by one; blank lines are rows, and too many are refused on the way."""
    csv.field_size_limit(MOST_BYTES)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        for position, row in enumerate(lines, start=1):
            if position > MOST_LINES + HEADER_WITHIN:
                raise UnreadableStatement(_("Ce fichier a plus de 20 000 lignes : découpez-le."))
            yield row[:MOST_COLUMNS]
    except csv.Error as error:
        raise UnreadableStatement(_("Ce fichier ne se lit pas comme un CSV.")) from error


def _find_header(
    rows: Sequence[Sequence[str]], remembered: Mapping[str, str]
) -> tuple[int, dict[str, int]]:
    """Return where the header is and which column is what: as last time, else by names."""
    best: tuple[int, int, dict[str, int]] | None = None
    for at, row in enumerate(rows[:HEADER_WITHIN]):
        words = [plain(cell) for cell in row]
        chosen = _remembered(words, remembered) or _by_names(words)
        is_header = "date" in chosen and ({"amount", "credit"} & set(chosen))
        if is_header and (best is None or len(chosen) > best[0]):
            best = (len(chosen), at, chosen)
    if best is None:
        raise UnreadableStatement(
            _("Les colonnes « Date » et « Montant » (ou « Crédit ») sont introuvables.")
        )
    return best[1], best[2]


def _remembered(words: Sequence[str], columns: Mapping[str, str]) -> dict[str, int]:
    wanted = {field: plain(name) for field, name in columns.items() if field in FIELDS}
    if not wanted or not all(name in words for name in wanted.values()):
        return {}
    return {field: words.index(name) for field, name in wanted.items()}


def _by_names(words: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for field, names in NAMES.items():
        for name in names:
            if name in words and words.index(name) not in found.values():
                found[field] = words.index(name)
                break
    if "credit" in found and "debit" in found:
        found.pop("amount", None)
    return found


def _lines(
    rows: Sequence[Sequence[str]],
    at: int,
    header: Sequence[str],
    chosen: Mapping[str, int],
    currency: str,
) -> tuple[list[ReadLine], int]:
    lines: list[ReadLine] = []
    seen: Counter[str] = Counter()
    skipped = 0
    for position, row in enumerate(rows[at + 1 :], start=at + 2):
        if not any(cell.strip() for cell in row):
            continue
        _require_whole(row, header, position, is_last=position == len(rows))
        cells = {field: row[index].strip()[:LONGEST_CELL] for field, index in chosen.items()}
        amount = _amount(cells, currency, position)
        if amount == 0 or plain(cells.get("status", "")) in FAILED:
            skipped += 1
            continue
        lines.append(_line(cells, amount, position, seen))
    if not lines:
        raise UnreadableStatement(_("Ce relevé n’a aucun mouvement."))
    return lines, skipped


def _require_whole(
    row: Sequence[str], header: Sequence[str], position: int, *, is_last: bool
) -> None:
    if len(row) >= len(header):
        return
    message = (
        _("Ce fichier est coupé en son milieu : la ligne %(line)s n’est pas entière.")
        if is_last
        else _("La ligne %(line)s n’a pas toutes ses colonnes.")
    )
    raise UnreadableStatement(message, line=position)


def _line(cells: Mapping[str, str], amount: int, position: int, seen: Counter[str]) -> ReadLine:
    booked_on = _date(cells["date"], position)
    facts = [cells["date"], str(amount), *(cells.get(name, "") for name in FIELDS[4:7])]
    facts.append(cells.get("balance", ""))
    key = "\x1f".join(plain(fact) for fact in facts)
    seen[key] += 1  # two movements alike within one file are two movements
    return ReadLine(
        position=position,
        booked_on=booked_on,
        amount=amount,
        label=cells.get("label", "")[:300],
        reference=cells.get("reference", "")[:100],
        sender=cells.get("sender", "")[:160],
        fingerprint=hashlib.sha256(f"{key}\x1f{seen[key]}".encode()).hexdigest(),
    )


def _amount(cells: Mapping[str, str], currency: str, position: int) -> int:
    try:
        if "amount" in cells:
            return _money(cells["amount"], currency)
        credit = _money(cells.get("credit", ""), currency)
        return credit - abs(_money(cells.get("debit", ""), currency))
    except UnreadableAmount as error:
        message = _("Le montant de la ligne %(line)s ne se lit pas.")
        raise UnreadableStatement(message, line=position) from error


def _money(text: str, currency: str) -> int:
    """Read an amount as banks write it: « 1.234.567,00 », « 1,234,567.00 », « (500) »."""
    bare = re.sub(r"[^\d.,()+\-−]", "", text.strip())
    if not bare:
        return 0
    is_negative = bare[0] in "(-−" or bare[-1] in "-−"
    digits = bare.strip("()+-−")
    whole, mark, cents = _split_decimals(digits)
    text = re.sub(r"[.,]", "", whole) + (f",{cents}" if mark and cents.strip("0") else "")
    amount = parse_amount(text, currency)
    return -amount if is_negative else amount


def _split_decimals(digits: str) -> tuple[str, str, str]:
    """Split off decimals: the last mark, when one or two figures follow it."""
    match = re.fullmatch(r"(.*)([.,])(\d{1,2})", digits)
    return (match[1], match[2], match[3].ljust(2, "0")) if match else (digits, "", "")


def _date(text: str, position: int) -> date:
    bare = (
        re.sub(r"(\.\d+)?(Z|[+-]\d\d:?\d\d)?$", "", text.strip()) if ":" in text else text.strip()
    )
    for form in DATES:
        try:
            return datetime.strptime(bare, form).date()
        except ValueError:
            continue
    raise UnreadableStatement(_("La date de la ligne %(line)s ne se lit pas."), line=position)
