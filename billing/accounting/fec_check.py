"""A strict checker of FEC files: it refuses what the official tool calls conforming but is wrong.

Pure and streaming: an entry is held, never the file. Entries must follow one another.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from billing.accounting.formats.fec import COLUMNS

MOST = 200  # problems told, then only counted
AMOUNT = re.compile(r"[+-]?\d+(?:,\d+)?|\d+(?:,\d+)?[+-]")
ACCOUNT = re.compile(r"\d{3}[0-9A-Za-z]*")
NUMBER = re.compile(r"\d+")
NEEDED = (
    "JournalCode",
    "JournalLib",
    "EcritureNum",
    "EcritureDate",
    "CompteNum",
    "CompteLib",
    "PieceRef",
    "PieceDate",
    "EcritureLib",
    "ValidDate",
)


@dataclass(frozen=True)
class Finding:
    """Something wrong, or odd: the line of the file, and a French sentence."""

    line: int
    text: str
    is_warning: bool = False

    def __str__(self) -> str:
        word = "attention" if self.is_warning else "erreur"
        return f"ligne {self.line} : {word} : {self.text}"


@dataclass
class Report:
    """What a file holds, and what is wrong with it."""

    findings: list[Finding] = field(default_factory=list)
    errors: int = 0
    warnings: int = 0
    lines: int = 0
    entries: int = 0
    debit: Decimal = Decimal(0)
    credit: Decimal = Decimal(0)

    @property
    def is_good(self) -> bool:
        return not self.errors

    def error(self, line: int, text: str) -> None:
        self.errors += 1
        self._keep(Finding(line, text))

    def warn(self, line: int, text: str) -> None:
        self.warnings += 1
        self._keep(Finding(line, text, is_warning=True))

    def _keep(self, finding: Finding) -> None:
        if len(self.findings) < MOST:
            self.findings.append(finding)


@dataclass
class _Entry:
    """The entry being read."""

    number: str
    line: int
    journal: str
    on: str
    debit: Decimal = Decimal(0)
    credit: Decimal = Decimal(0)
    lines: int = 0


def check_fec(
    lines: Iterable[str], *, start: date | None = None, end: date | None = None
) -> Report:
    """Check a file given as text lines; `start` and `end` bound the fiscal year, if known."""
    return _Checker(start, end).run(iter(lines))


def decode_fec(blocks: Iterable[bytes]) -> Iterator[str]:
    """Decode lines of bytes: UTF-8, with or without its mark, else ISO 8859-15."""
    encoding = ""
    for block in blocks:
        if not encoding:
            encoding = "utf-8-sig" if block.startswith(b"\xef\xbb\xbf") else "utf-8"
        try:
            yield block.decode(encoding)
        except UnicodeDecodeError:
            encoding = "iso8859_15"
            yield block.decode(encoding)
        if encoding == "utf-8-sig":
            encoding = "utf-8"


class _Checker:
    def __init__(self, start: date | None, end: date | None):
        self.start, self.end = start, end
        self.report = Report()
        self.entry: _Entry | None = None
        self.seen: set[str] = set()
        self.last_number: int | None = None
        self.last_valid: date | None = None
        self.letters: dict[tuple[str, str, str], Decimal] = {}
        self.is_by_side = False

    def run(self, lines: Iterator[str]) -> Report:
        header = next(lines, None)
        separator = self._read_header(header)
        if separator:
            for rank, line in enumerate(lines, start=2):
                text = line.rstrip("\r\n")
                if text:
                    self._read_line(rank, text.split(separator))
            self._close_entry()
            self._close_file()
        return self.report

    def _read_header(self, header: str | None) -> str:
        if not header:
            self.report.error(1, "fichier vide")
            return ""
        header = header.rstrip("\r\n")
        separator = "\t" if "\t" in header else "|"
        names = header.split(separator)
        if len(names) < len(COLUMNS):
            self.report.error(1, f"{len(names)} zones au lieu de 18, séparées par TAB ou |")
            return ""
        self.is_by_side = names[11:13] == ["Montant", "Sens"]
        expected = [*COLUMNS[:11], "Montant", "Sens", *COLUMNS[13:]]
        expected = expected if self.is_by_side else list(COLUMNS)
        wrong = [name for name, good in zip(names, expected, strict=False) if name != good]
        if wrong:
            self.report.error(1, f"nom ou ordre des zones : {', '.join(wrong)}")
            return ""
        self.width = len(names)
        return separator

    def _read_line(self, rank: int, fields: list[str]) -> None:
        report = self.report
        report.lines += 1
        if len(fields) != self.width:
            report.error(rank, f"{len(fields)} zones au lieu de {self.width}")
            return
        row = dict(zip(COLUMNS, fields, strict=False))
        for name in NEEDED:
            if not row[name].strip():
                report.error(rank, f"{name} est vide")
        self._open_entry(rank, row)
        debit, credit = self._sides(rank, fields)
        if self.entry is not None:
            self.entry.debit += debit
            self.entry.credit += credit
            self.entry.lines += 1
        report.debit += debit
        report.credit += credit
        self._check_dates(rank, row)
        self._check_account(rank, row)
        self._check_pairs(rank, row, debit - credit)

    def _sides(self, rank: int, fields: list[str]) -> tuple[Decimal, Decimal]:
        first, second = fields[11].strip(), fields[12].strip()
        if self.is_by_side:
            amount = self._amount(rank, "Montant", first)
            if second not in ("D", "C", "+1", "-1"):
                self.report.error(rank, f"Sens « {second} » n’est ni D ni C")
            is_debit = second in ("D", "+1")
            return (amount, Decimal(0)) if is_debit else (Decimal(0), amount)
        debit = self._amount(rank, "Debit", first)
        credit = self._amount(rank, "Credit", second)
        if debit and credit:
            self.report.error(rank, "débit et crédit sur la même ligne")
        if not debit and not credit:
            self.report.error(rank, "ni débit ni crédit")
        if debit < 0 or credit < 0:
            self.report.error(rank, "montant négatif")
        return debit, credit

    def _amount(self, rank: int, name: str, text: str) -> Decimal:
        if not text:
            return Decimal(0)
        if not AMOUNT.fullmatch(text):
            self.report.error(rank, f"{name} « {text} » n’est pas un montant à virgule")
            return Decimal(0)
        sign = "-" if "-" in text else ""
        return Decimal(sign + text.strip("+-").replace(",", "."))

    def _open_entry(self, rank: int, row: dict[str, str]) -> None:
        number = row["EcritureNum"]
        entry = self.entry
        if entry is not None and entry.number == number:
            if entry.journal != row["JournalCode"]:
                self.report.error(rank, f"écriture {number} : deux journaux")
            if entry.on != row["EcritureDate"]:
                self.report.error(rank, f"écriture {number} : deux dates")
            return
        self._close_entry()
        if number in self.seen:
            self.report.error(rank, f"écriture {number} : numéro déjà pris plus haut")
        self._follow(rank, number)
        self.entry = _Entry(number, rank, row["JournalCode"], row["EcritureDate"])
        self.report.entries += 1

    def _follow(self, rank: int, number: str) -> None:
        """Ask that numbers follow one another without gap."""
        if not NUMBER.fullmatch(number):
            self.report.error(rank, f"EcritureNum « {number} » n’est pas un nombre")
            return
        value = int(number)
        if self.last_number is not None and value != self.last_number + 1:
            word = "manque dans" if value > self.last_number else "désordre dans"
            self.report.error(rank, f"{word} les numéros : {self.last_number}, puis {value}")
        if self.last_number is not None and value <= self.last_number:
            self.seen.add(number)  # only what broke the order can come twice unseen
        self.last_number = value

    def _close_entry(self) -> None:
        entry = self.entry
        if entry is None:
            return
        if entry.debit != entry.credit:
            self.report.error(
                entry.line,
                f"écriture {entry.number} : débit {entry.debit} et crédit {entry.credit}",
            )
        if entry.lines < 2:
            self.report.error(entry.line, f"écriture {entry.number} : une seule ligne")
        self.entry = None

    def _check_dates(self, rank: int, row: dict[str, str]) -> None:
        on = self._day(rank, "EcritureDate", row["EcritureDate"])
        self._day(rank, "PieceDate", row["PieceDate"])
        valid = self._day(rank, "ValidDate", row["ValidDate"])
        if row["DateLet"]:
            self._day(rank, "DateLet", row["DateLet"])
        if on and self.start and on < self.start:
            self.report.error(rank, f"EcritureDate {row['EcritureDate']} avant l’exercice")
        if on and self.end and on > self.end:
            self.report.error(rank, f"EcritureDate {row['EcritureDate']} après l’exercice")
        if on and valid and valid < on:
            self.report.error(rank, "validée avant sa propre date")
        if valid:
            if self.last_valid and valid < self.last_valid:
                self.report.error(rank, "ValidDate recule : l’ordre est celui de la validation")
            self.last_valid = valid

    def _day(self, rank: int, name: str, text: str) -> date | None:
        if not text.strip():
            return None  # told already, if it is needed
        if not re.fullmatch(r"\d{8}", text):
            self.report.error(rank, f"{name} « {text} » ne s’écrit pas AAAAMMJJ")
            return None
        try:
            return date(int(text[:4]), int(text[4:6]), int(text[6:]))
        except ValueError:
            self.report.error(rank, f"{name} « {text} » n’existe pas")
            return None

    def _check_account(self, rank: int, row: dict[str, str]) -> None:
        account = row["CompteNum"]
        if account and not ACCOUNT.fullmatch(account):
            self.report.error(rank, f"compte « {account} » : trois chiffres d’abord")

    def _check_pairs(self, rank: int, row: dict[str, str], signed: Decimal) -> None:
        """Ask that zones which go together do, and sum what is lettered."""
        pairs = (("EcritureLet", "DateLet"), ("Montantdevise", "Idevise"))
        for first, second in (*pairs, ("CompAuxNum", "CompAuxLib")):
            if bool(row[first].strip()) != bool(row[second].strip()):
                self.report.error(rank, f"{first} et {second} vont ensemble")
        if row["Montantdevise"]:
            self._amount(rank, "Montantdevise", row["Montantdevise"])
        if row["Idevise"] and not re.fullmatch(r"[A-Z]{3}", row["Idevise"]):
            self.report.error(rank, f"devise « {row['Idevise']} »")
        if any(ord(char) > 0x2E7F for name in COLUMNS for char in row[name]):
            self.report.warn(rank, "caractères hors de l’alphabet latin")
        if row["EcritureLet"]:
            key = (row["CompteNum"], row["CompAuxNum"], row["EcritureLet"])
            left = self.letters.get(key, Decimal(0)) + signed
            self.letters[key] = left
            if not left:
                del self.letters[key]

    def _close_file(self) -> None:
        report = self.report
        if not report.lines:
            report.error(1, "aucune écriture")
        if report.debit != report.credit:
            report.error(report.lines + 1, f"total débit {report.debit}, crédit {report.credit}")
        for (account, aux, letter), left in sorted(self.letters.items()):
            report.error(report.lines + 1, f"lettrage {letter} de {account} {aux} : reste {left}")
