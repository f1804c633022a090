"""What leaves in a spreadsheet."""

from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO

import pytest
from django.db.models.signals import post_init
from openpyxl import load_workbook
from wagtail.models import ModelLogEntry
from wagtail.snippets.models import get_snippet_models

from core.accounts.models import Client
from core.backoffice import exports
from core.backoffice.exports import csv_cell, harmless, in_chunks, xlsx_cell

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


def test_a_control_character_that_somebody_pasted_breaks_no_workbook(make_client, as_manager):
    make_client("Acme\x0b\x01 Transit")

    answer = as_manager.get(f"{CLIENTS}?export=xlsx")
    rows = load_workbook(BytesIO(b"".join(answer.streaming_content))).active.values

    assert "Acme Transit" in [row[0] for row in rows]


def test_exports_what_is_filtered_for_french_excel(make_client, as_manager):
    make_client("=HYPERLINK(1)", city="Abidjan", stage=Client.Stage.PROSPECT)
    make_client("Lagune Transit")

    answer = as_manager.get(f"{CLIENTS}?export=csv&stage=prospect")
    text = b"".join(answer.streaming_content).decode()

    lines = text.removeprefix("\ufeff").splitlines()
    assert text.startswith("\ufeff")
    assert len(lines) == 2
    assert lines[1].startswith("'=HYPERLINK(1);Prospect;")


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


def test_a_listing_of_several_chunks_leaves_whole_and_in_its_order(
    company, as_manager, monkeypatch
):
    monkeypatch.setattr(exports, "CHUNK", 7)
    Client.objects.bulk_create(Client(company=company, name=f"C{n:02}") for n in range(30))

    answer = as_manager.get(f"{CLIENTS}?export=csv&ordering=name")
    lines = b"".join(answer.streaming_content).decode().splitlines()[1:]

    assert [line.split(";")[0] for line in lines] == [f"C{n:02}" for n in range(30)]


def test_a_chunk_costs_one_question(company, team, django_assert_num_queries, monkeypatch):
    monkeypatch.setattr(exports, "CHUNK", 10)
    Client.objects.bulk_create(Client(company=company, name=f"C{n:02}") for n in range(30))

    with django_assert_num_queries(4):
        rows = list(in_chunks(Client.objects.order_by("name")))

    assert [row.name for row in rows] == [f"C{n:02}" for n in range(30)]


def test_an_export_reads_no_row_before_it_streams(make_client, as_manager):
    make_client("Lagune Transit")
    seen = []
    post_init.connect(lambda **_: seen.append(1), sender=Client, weak=False, dispatch_uid="export")

    try:
        answer = as_manager.get(f"{CLIENTS}?export=csv")
        before = len(seen)
        b"".join(answer.streaming_content)
    finally:
        post_init.disconnect(sender=Client, dispatch_uid="export")

    assert (before, len(seen)) == (0, 1)


def test_a_workbook_holds_amounts_and_days_as_such(invoice, as_manager):
    answer = as_manager.get("/admin/snippets/invoicing/invoice/?export=xlsx")
    sheet = load_workbook(BytesIO(b"".join(answer.streaming_content))).active

    titles = [cell.value for cell in sheet[1]]
    cells = dict(zip(titles, sheet[2], strict=True))
    assert cells["Total TTC"].value == 118_000
    assert cells["Total TTC"].number_format == "#,##0"
    assert cells["Émise le"].value == datetime(2026, 11, 20)
    assert cells["Émise le"].number_format == "DD/MM/YYYY"
    assert cells["État"].value == "Émise"


@pytest.mark.parametrize(
    "viewset",
    [model.snippet_viewset for model in sorted(get_snippet_models(), key=str)],
    ids=lambda viewset: viewset.model._meta.label,
)
def test_every_column_has_a_heading_for_people(viewset):
    view = viewset.index_view.view_class(**viewset.index_view.view_initkwargs)
    rows = viewset.model._default_manager.none()

    headings = [view.get_heading(rows, name) for name in view.list_export]

    bare = [name for name in headings if "_" in name or "." in name or name[:1].islower()]
    assert bare == []
