"""The strict checker: what the official tool calls conforming but is wrong is refused."""

from datetime import date

import pytest

from billing.accounting.fec_check import check_fec, decode_fec
from billing.accounting.formats.fec import COLUMNS

HEADER = "\t".join(COLUMNS)
YEAR = {"start": date(2026, 1, 1), "end": date(2026, 12, 31)}


def line(number="1", account="4111", debit="118000,00", credit="0,00", **fields):
    values = {
        "JournalCode": "VE",
        "JournalLib": "Ventes",
        "EcritureNum": number,
        "EcritureDate": "20260301",
        "CompteNum": account,
        "CompteLib": "Compte",
        "CompAuxNum": "C5" if account.startswith("411") else "",
        "CompAuxLib": "Acme" if account.startswith("411") else "",
        "PieceRef": "FAC-1",
        "PieceDate": "20260301",
        "EcritureLib": "Facture",
        "Debit": debit,
        "Credit": credit,
        "EcritureLet": "",
        "DateLet": "",
        "ValidDate": "20260305",
        "Montantdevise": "",
        "Idevise": "",
        **fields,
    }
    return "\t".join(values.values())


def sale(number="1", **fields):
    return [
        line(number, **fields),
        line(number, "7061", "0,00", "100000,00", **fields),
        line(number, "4432", "0,00", "18000,00", **fields),
    ]


def errors(*lines, header=HEADER):
    report = check_fec([header, *lines], **YEAR)
    return [finding.text for finding in report.findings if not finding.is_warning]


GOOD = [*sale("1"), *sale("2")]


def test_a_good_file_is_good():
    report = check_fec([HEADER, *GOOD], **YEAR)

    assert report.is_good
    assert (report.entries, report.lines, report.debit) == (2, 6, 236_000)


@pytest.mark.parametrize("separator", ["\t", "|"])
@pytest.mark.parametrize("end", ["\r\n", "\n", ""])
def test_both_separators_and_any_line_end(separator, end):
    lines = [text.replace("\t", separator) + end for text in [HEADER, *GOOD]]

    assert check_fec(lines).is_good


def test_amounts_with_a_side_instead_of_two_columns():
    header = HEADER.replace("Debit\tCredit", "Montant\tSens")
    lines = [
        line("1", debit="118000", credit="D"),
        line("1", "7061", "100000", "C"),
        line("1", "4432", "18000", "C"),
    ]

    assert errors(*lines, header=header) == []


def test_an_extra_column_at_the_end_is_fine():
    lines = [f"{text}\tFNE" for text in GOOD]

    assert errors(*lines, header=f"{HEADER}\tFneRef") == []


# What the official tool says is conforming, and is not.
WRONG = {
    "unbalanced entry": (
        [line("1"), line("1", "7061", "0,00", "117999,00")],
        "écriture 1 : débit 118000.00 et crédit 117999.00",
    ),
    "both sides on a line": (
        [line("1", credit="118000,00"), line("1", "7061", "118000,00", "118000,00")],
        "débit et crédit sur la même ligne",
    ),
    "gap in numbers": ([*sale("1"), *sale("3")], "manque dans les numéros : 1, puis 3"),
    "numbers out of order": ([*sale("2"), *sale("1")], "désordre dans les numéros : 2, puis 1"),
    "number used twice": (
        [*sale("1"), *sale("2"), *sale("1")],
        "désordre dans les numéros : 2, puis 1",
    ),
    "not in order of validation": (
        [*sale("1", ValidDate="20260306"), *sale("2")],
        "ValidDate recule : l’ordre est celui de la validation",
    ),
    "date of another year": (
        sale("1", EcritureDate="20251231"),
        "EcritureDate 20251231 avant l’exercice",
    ),
    "31 February": (sale("1", EcritureDate="20260231"), "EcritureDate « 20260231 » n’existe pas"),
    "month 13": (sale("1", PieceDate="20261301"), "PieceDate « 20261301 » n’existe pas"),
    "dd/mm/yyyy": (
        sale("1", EcritureDate="01/03/2026"),
        "EcritureDate « 01/03/2026 » ne s’écrit pas AAAAMMJJ",
    ),
    "negative amount": (
        [line("1", debit="-118000,00"), line("1", "7061", "118000,00", "0,00")],
        "montant négatif",
    ),
    "account CLI411": (
        [line("1", "CLI411"), line("1", "7061", "0,00", "118000,00")],
        "compte « CLI411 » : trois chiffres d’abord",
    ),
    "account 41": (
        [line("1", "41"), line("1", "7061", "0,00", "118000,00")],
        "compte « 41 » : trois chiffres d’abord",
    ),
    "validated before its day": (
        sale("1", ValidDate="20260228"),
        "validée avant sa propre date",
    ),
    "two journals in an entry": (
        [line("1"), line("1", "7061", "0,00", "118000,00", JournalCode="BQ")],
        "écriture 1 : deux journaux",
    ),
    "decimal point": (
        [line("1", debit="118000.00"), line("1", "7061", "0,00", "118000,00")],
        "Debit « 118000.00 » n’est pas un montant à virgule",
    ),
    "thousands": (
        [line("1", debit="118 000,00"), line("1", "7061", "0,00", "118000,00")],
        "Debit « 118 000,00 » n’est pas un montant à virgule",
    ),
    "empty label of account": (sale("1", CompteLib=""), "CompteLib est vide"),
    "empty piece": (sale("1", PieceRef=" "), "PieceRef est vide"),
    "lettering that is not nought": (
        sale("1", EcritureLet="AAA", DateLet="20260305"),
        "lettrage AAA de 4111 C5 : reste 118000.00",
    ),
    "lettering without its day": (
        sale("1", EcritureLet="AAA"),
        "EcritureLet et DateLet vont ensemble",
    ),
    "currency without amount": (
        sale("1", Idevise="EUR"),
        "Montantdevise et Idevise vont ensemble",
    ),
    "a tab in a text": ([line("1", EcritureLib="a\tb"), *sale("1")], "19 zones au lieu de 18"),
}


@pytest.mark.parametrize(("lines", "expected"), WRONG.values(), ids=WRONG.keys())
def test_what_is_wrong_is_told(lines, expected):
    assert expected in errors(*lines)


SWAPPED = HEADER.replace("CompteNum\tCompteLib", "CompteLib\tCompteNum")


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (SWAPPED, "nom ou ordre des zones : CompteLib, CompteNum"),
        (HEADER.replace("CompAuxNum", "CompteAuxNum"), "nom ou ordre des zones : CompteAuxNum"),
        (HEADER.replace("\t", ";"), "1 zones au lieu de 18, séparées par TAB ou |"),
        ("", "fichier vide"),
    ],
    ids=["permuted", "misnamed", "semicolons", "empty"],
)
def test_a_wrong_header_stops_the_check(header, expected):
    assert errors(*GOOD, header=header) == [expected]


def test_a_file_without_entries():
    assert errors() == ["aucune écriture"]


def test_letters_of_any_charset_are_read():
    text = [HEADER, *sale("1", EcritureLib="Société n° 1 œuvre")]

    for encoding in ("utf-8", "utf-8-sig", "iso8859_15"):
        blocks = "\r\n".join(text).encode(encoding).splitlines(keepends=True)
        assert check_fec(decode_fec(blocks)).is_good
