"""The commands that scripts rely on: files of a period, and the check of a FEC."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from billing.accounting.models import JournalEntry
from tests.conftest import ON


@pytest.fixture
def export(tmp_path):
    def run(format="fec", **options):
        output = tmp_path / f"file.{format}"
        call_command(
            "export_entries",
            format=format,
            start=ON - timedelta(days=30),
            end=ON + timedelta(days=30),
            output=output,
            **options,
        )
        return output

    return run


def test_a_period_is_written_without_closing_anything(issue, pay, export, capsys):
    pay(issue(), 118_000)

    first = export().read_bytes()
    told = capsys.readouterr().out
    second = export().read_bytes()

    assert first == second
    assert first.count(b"\r\n") == 1 + 3 + 2
    assert "2 entries, 5 lines, 236000 on each side; 2 not validated yet" in told
    assert JournalEntry.objects.filter(number=None).count() == 2


def test_its_fec_is_good(issue, pay, export, capsys):
    pay(issue(), 50_000)
    output = export()
    capsys.readouterr()

    call_command("check_fec", str(output))

    assert capsys.readouterr().out.startswith("Good: 2 entries, 5 lines")


def test_drafts_are_numbered_after_what_is_validated(issue, export, validate_first):
    validate_first()
    issue()

    rows = export().read_text().splitlines()[1:]

    assert {row.split("\t")[2] for row in rows} == {"1", "2"}


@pytest.fixture
def validate_first(issue, company, manager):
    from billing.accounting.services import validate_entries
    from tests.conftest import AT

    def validate():
        day = ON - timedelta(days=1)
        issue(on=day)
        validate_entries(company=company, until=day, today=ON, actor=manager, at=AT)

    return validate


@pytest.mark.parametrize("format", ["sage", "pnm", "csv", "xlsx"])
def test_every_format_is_written(issue, export, format):
    issue()

    assert export(format).stat().st_size > 100


def test_dates_upside_down(company, tmp_path):
    with pytest.raises(CommandError, match="--start is after"):
        call_command(
            "export_entries", format="fec", start=ON, end=ON - timedelta(days=1), output=tmp_path
        )


def test_a_wrong_file_exits_with_one(tmp_path, capsys):
    wrong = tmp_path / "wrong.txt"
    wrong.write_text("a;b\n")

    with pytest.raises(SystemExit) as stopped:
        call_command("check_fec", str(wrong))

    assert stopped.value.code == 1
    assert "ligne 1 : erreur : 1 zones au lieu de 18" in capsys.readouterr().out
