"""Files for accountants: exact bytes, exact widths, nothing that breaks a line. No database."""

from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest
from openpyxl import load_workbook

from billing.accounting.fec_check import check_fec
from billing.accounting.formats.fec import LATIN, UTF8, fec_lines, fec_name, figure
from billing.accounting.formats.rows import Book, Row
from billing.accounting.formats.sage import pnm_lines, sage_lines
from billing.accounting.formats.tables import csv_lines, write_workbook
from billing.accounting.formats.texts import written
from billing.accounting.services.lettering import lettering_code

BOOK = Book("NOURX SARL", "2112345 A", "XOF", {"sales": ("VE", "Ventes"), "bank": ("BQ", "Banque")})
ON = date(2026, 3, 1)


def row(**fields):
    facts = {
        "entry_id": 1,
        "journal": "sales",
        "number": 7,
        "date": ON,
        "piece": "FAC-2026-0007",
        "piece_date": ON,
        "due_on": date(2026, 3, 15),
        "label": "Facture FAC-2026-0007 Acme",
        "currency": "",
        "validated_on": date(2026, 4, 2),
        "account": "4111",
        "account_label": "Clients",
        "aux": "C5",
        "aux_label": "Acme",
        "debit": 1_180_000,
        "credit": 0,
        "foreign": None,
        "lettering": "",
        "lettered_on": None,
    }
    return Row(**{**facts, **fields})


SALE = row(
    account="7061", account_label="Services", aux="", aux_label="", debit=0, credit=1_180_000
)
ROWS = [row(), SALE]


def test_a_line_of_fec():
    lines = list(fec_lines(ROWS, BOOK))

    assert lines[1] == (
        "VE\tVentes\t7\t20260301\t4111\tClients\tC5\tAcme\tFAC-2026-0007\t20260301\t"
        "Facture FAC-2026-0007 Acme\t1180000,00\t0,00\t\t\t20260402\t\t\r\n"
    )
    assert check_fec(lines).is_good


def test_foreign_amounts_and_lettering_in_fec():
    lettered = row(currency="EUR", foreign=179_890, lettering="AAB", lettered_on=ON)

    fields = list(fec_lines([lettered], BOOK))[1].rstrip("\r\n").split("\t")

    assert fields[13:] == ["AAB", "20260301", "20260402", "1798,90", "EUR"]


def test_fec_in_both_charsets_with_both_separators():
    rows = [row(label="L’œuvre d’Aïcha | 1\t2\n3\u202f4 → 5"), SALE]

    latin = "".join(fec_lines(rows, BOOK, encoding=LATIN, separator="|"))
    utf8 = "".join(fec_lines(rows, BOOK, encoding=UTF8))

    assert "|L'œuvre d'Aïcha 1 2 3 4 ? 5|" in latin.encode(LATIN).decode(LATIN)
    assert "\tL’œuvre d’Aïcha 1 2 3 4 → 5\t" in utf8
    assert check_fec(latin.splitlines()).is_good
    assert check_fec(utf8.split("\r\n")).is_good


def test_the_name_of_a_fec():
    assert fec_name(BOOK, date(2026, 12, 31)) == "2112345AFEC20261231.txt"
    assert fec_name(replace(BOOK, ncc=""), ON) == "SANSNCCFEC20260301.txt"


@pytest.mark.parametrize(
    ("amount", "exponent", "text"),
    [(0, 0, "0,00"), (1180000, 0, "1180000,00"), (5, 2, "0,05"), (123456, 2, "1234,56")],
)
def test_figures(amount, exponent, text):
    assert figure(amount, exponent) == text


def test_a_line_of_sage_has_eleven_columns():
    lines = list(sage_lines(ROWS, BOOK))

    assert lines[0] == (
        "G\tVE\t010326\t7\t4111\tC5\tFacture FAC-2026-0007 Acme\t\t150326\t1180000,00\t\r\n"
    )
    assert lines[1] == "G\tVE\t010326\t7\t7061\t\tFacture FAC-2026-0007 Acme\t\t\t\t1180000,00\r\n"


def test_a_line_of_pnm_has_138_characters():
    long = row(label="Facture à l’entreprise Éléphant & fils d’Abidjan", piece="FAC-2026-123456")

    name, first, second = pnm_lines([long, SALE], BOOK)

    assert name == "NOURX SARL\r\n"
    assert [len(line.encode("cp1252")) for line in (first, second)] == [140, 140]
    assert first[:112] == (
        "VE 010326FC4111         XC5           FAC-2026-1234Facture à l’entreprise Él"
        " 150326D          1180000.00N0000007"
    )
    assert second[11:25] == "7061          "
    assert second[83] == "C"


def test_csv_opens_in_french_excel_and_runs_nothing():
    risky = row(label="=HYPERLINK(1)", aux_label="@ruse", piece="-1")

    lines = list(csv_lines([risky, SALE], BOOK))

    assert lines[0].startswith("\ufeffdate;journal;numero;")
    assert lines[1] == (
        "01/03/2026;VE;7;'-1;01/03/2026;4111;Clients;C5;'@ruse;'=HYPERLINK(1);1180000;0;;;\r\n"
    )


def test_the_workbook_holds_dates_numbers_and_harmless_texts():
    target = BytesIO()
    write_workbook([row(label="+1"), SALE], BOOK, target)

    rows = list(load_workbook(target).active.iter_rows(values_only=True))

    assert rows[0][:3] == ("date", "journal", "numero")
    assert rows[1][0].date() == ON
    assert rows[1][9:12] == ("'+1", 1_180_000, 0)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\u00a0b\u202fc", "a b c"),
        ("x\r\ny|z\t", "x y z"),
        ("Œuvre “ici”", "Œuvre “ici”"),
        ("日本 Ɔkra → ŋ", "?? Okra ? n"),
        ("e\u0301te\u0301", "e?te?"),
    ],
)
def test_what_cp1252_can_write(text, expected):
    assert written(text, "cp1252") == expected


def test_codes_of_lettering_follow_one_another():
    codes = [lettering_code(rank) for rank in (1, 2, 27, 26**3, 26**3 + 1)]

    assert codes == ["AAA", "AAB", "ABA", "ZZZ", "BAAA"]
