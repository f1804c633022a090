"""Reading statements: every way banks write them, and every way a file is wrong."""

import time
from datetime import date

import pytest

from billing.treasury.statement_files import UnreadableStatement, read_statement

BANK = """Relevé de compte;;;;
Titulaire;NOURX SARL;;;
Date opération;Libellé;Débit;Crédit;Solde
20/11/2026;VIR RECU ACME REF VIR-778899;;1 475 000,00;2 000 000,00
21/11/2026;FRAIS TENUE DE COMPTE;2.500,00;;1.997.500,00
"""
WAVE = """Transaction ID,Timestamp,Transaction type,Amount,Fee,Counterparty mobile
T_A1B2C3,2026-11-20 09:30:11,merchant_payment,"118,000",0,+2250700000001
T_A1B2C4,2026-11-20T10:00:00Z,merchant_payment,59000,0,+2250700000002
T_A1B2C5,2026-11-20 11:00:00,withdrawal,-50000,0,
"""
ORANGE = """Référence\tDate\tStatut\tMontant\tNuméro correspondant
PP261120.0930.A12345\t20/11/2026 09:30\tSuccès\t15 000\t0700000003
PP261120.0931.A12346\t20/11/2026 09:31\tÉchec\t15 000\t0700000003
"""


def amounts(content, **options):
    statement = read_statement(content, currency="XOF", **options)
    return [line.amount for line in statement.lines], statement


def test_a_bank_writes_debits_and_credits_under_a_title_in_windows_letters():
    found, statement = amounts(BANK.encode("cp1252"))

    assert found == [1_475_000, -2_500]
    assert (statement.separator, statement.encoding) == (";", "cp1252")
    assert statement.lines[0].booked_on == date(2026, 11, 20)


def test_a_wallet_writes_commas_and_moments():
    found, statement = amounts(WAVE.encode())

    assert found == [118_000, 59_000, -50_000]
    assert statement.lines[0].reference == "T_A1B2C3"
    assert statement.lines[1].sender == "+2250700000002"


def test_movements_that_failed_are_left_out():
    found, statement = amounts(ORANGE.encode("utf-8-sig"))

    assert (found, statement.skipped) == ([15_000], 1)


def test_the_columns_of_the_last_time_are_used_again():
    content = b"Quand;Combien;Quoi\n20/11/2026;5000;X-1\n"
    columns = {"date": "Quand", "amount": "Combien", "reference": "Quoi"}

    with pytest.raises(UnreadableStatement):
        amounts(content)

    assert amounts(content, columns=columns)[0] == [5_000]


def test_two_movements_alike_are_two_and_read_again_they_are_the_same():
    row = "20/11/2026;Achat;5000;R1\n"
    content = ("Date;Libellé;Montant;Référence\n" + row + row).encode()

    first, again = amounts(content)[1].lines, amounts(content)[1].lines

    assert len({line.fingerprint for line in first}) == 2
    assert [line.fingerprint for line in first] == [line.fingerprint for line in again]


@pytest.mark.parametrize("cut", [170, 185, 200])
def test_a_file_cut_in_its_middle_is_refused_whole(cut):
    with pytest.raises(UnreadableStatement, match=r"coupé|montant|date"):
        amounts(WAVE.encode()[:cut])


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK\x03\x04\x00\x00\x00",
        b"rien du tout",
        b"Date;Montant\n20/11/2026;abc\n",
        b"Date;Montant\n99/99/2026;5\n",
        b"Date;Montant\n",
        b"Date;Montant\n20/11/2026;10,50\n",
        b"x" * 5_000_001,
    ],
)
def test_what_is_no_statement_is_refused_in_french(content):
    with pytest.raises(UnreadableStatement) as refusal:
        amounts(content)

    assert refusal.value.message % refusal.value.facts


@pytest.mark.parametrize(
    "content",
    [
        b"date;montant\n" + b"\n" * 4_000_000,
        b"date;montant\n" + b"a;\n" * 1_300_000,
        b"date;montant\n" + b";" * 4_000_000,
    ],
    ids=["blank lines", "short lines", "one long line"],
)
def test_a_file_made_to_fill_the_memory_is_refused_at_little_cost(content):
    start = time.process_time()

    with pytest.raises(UnreadableStatement):
        amounts(content)

    assert time.process_time() - start < 5


def test_commas_of_a_label_make_no_columns():
    label = "a," * 200

    statement = amounts(f"Date;Montant;Libellé\n20/11/2026;10;{label}\n".encode())[1]

    assert (statement.separator, statement.lines[0].amount) == (";", 10)
