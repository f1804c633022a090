"""What leaves in a spreadsheet."""

from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO

import pytest
from openpyxl import load_workbook
from wagtail.models import ModelLogEntry

from core.accounts.models import Client
from core.backoffice.exports import csv_cell, harmless, xlsx_cell

CLIENTS = "/admin/snippets/accounts/client/"


@pytest.mark.parametrize(
    "text", ["=1+1", "+33", "-2", "@SUM(A1)", "\t=1", "\r=1", "  =1", "＝1", "\n=1"]
)
def test_a_formula_is_written_as_text(text):
    assert harmless(text) == f"'{text}"


def test_an_ordinary_text_stays_as_it_is():
    assert harmless("Koné & fils (1 = 1)") == "Koné & fils (1 = 1)"


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, ""),
        (True, "Oui"),
        (False, "Non"),
        (1500, "1500"),
        (Decimal("12.50"), "12,50"),
        (date(2026, 11, 3), "03/11/2026"),
        (datetime(2026, 11, 3, 9, 5, tzinfo=UTC), "03/11/2026 09:05"),
        (["a", "b"], "a, b"),
        (-5, "-5"),
    ],
)
def test_french_excel_reads_the_value(value, cell):
    assert csv_cell(value) == cell


def test_a_workbook_keeps_numbers_and_naive_local_dates():
    assert xlsx_cell(-5) == -5
    assert xlsx_cell(datetime(2026, 11, 3, 9, 5, tzinfo=UTC)) == datetime(2026, 11, 3, 9, 5)
    assert xlsx_cell("=cmd|' /C calc'!A0") == "'=cmd|' /C calc'!A0"


def test_exports_what_is_filtered_for_french_excel(make_client, as_manager):
    make_client("=HYPERLINK(1)", city="Abidjan", stage=Client.Stage.PROSPECT)
    make_client("Lagune Transit")

    answer = as_manager.get(f"{CLIENTS}?export=csv&stage=prospect")
    text = b"".join(answer.streaming_content).decode()

    lines = text.removeprefix("\ufeff").splitlines()
    assert text.startswith("\ufeff")
    assert len(lines) == 2
    assert lines[1].startswith("'=HYPERLINK(1);prospect;")


def test_a_workbook_holds_no_formula(make_client, as_manager):
    make_client("=1+1")

    answer = as_manager.get(f"{CLIENTS}?export=xlsx")
    sheet = load_workbook(BytesIO(b"".join(answer.streaming_content))).active

    assert sheet["A2"].value == "'=1+1"
    assert sheet["A2"].data_type == "s"


def test_an_export_leaves_a_line_in_the_audit_log(make_client, as_manager, manager):
    make_client()

    as_manager.get(f"{CLIENTS}?export=csv&stage=won")

    entry = ModelLogEntry.objects.get(action="rows_exported")
    assert entry.user == manager
    assert entry.data["listing"] == "accounts.client"
    assert entry.data["rows"] == 1
    assert entry.data["filters"] == "export=csv&stage=won"


def test_refuses_more_rows_than_the_cap(company, as_manager):
    Client.objects.bulk_create(Client(company=company, name=f"C{n}") for n in range(10_001))

    answer = as_manager.get(f"{CLIENTS}?export=csv")

    assert answer.status_code == 302
    assert not ModelLogEntry.objects.filter(action="rows_exported").exists()
