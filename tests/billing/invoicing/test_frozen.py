"""What the database itself refuses once a paper is out, whoever writes."""

import pytest
from django.db import DatabaseError, connection, transaction

from billing.invoicing import services
from billing.invoicing.models import CreditNote, Invoice
from core.files.services import store_file
from tests.billing.invoicing.conftest import AT, ON, make_draft

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("team")]


def run(sql, *params):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.rowcount


def row_of(table, pk):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT to_jsonb(t) FROM {table} t WHERE id = %s", [pk])
        return cursor.fetchone()


@pytest.mark.parametrize(
    "change",
    [
        "total = total + 1, total_vat = total_vat + 1",
        "number = 'FAC-2026-9999'",
        "issue_date = '2020-01-01'",
        "due_date = '2099-01-01'",
        "subject = 'Autre'",
        "currency = 'EUR'",
        "buyer = '{}'",
        "seller = '{}'",
        "vat_groups = '[]'",
        "notes = 'ajout'",
        "discount_percent = 5",
        "external_reference = 'X'",
        "status = 'draft', number = ''",
        "issued_at = now()",
        "company_id = company_id + 1",
    ],
)
def test_an_issued_invoice_keeps_what_it_says(issued, change):
    before = row_of("invoicing_invoice", issued.pk)

    with pytest.raises(DatabaseError):
        run(f"UPDATE invoicing_invoice SET {change} WHERE id = %s", issued.pk)

    assert row_of("invoicing_invoice", issued.pk) == before


@pytest.mark.parametrize(
    "change",
    [
        "amount_paid = 5",
        "seen_at = now()",
        "sent_at = now()",
        "settled_at = now()",
        "updated_at = now()",
        "project_id = NULL",
        "status = 'cancelled'",
    ],
)
def test_an_issued_invoice_goes_on_living(issued, change):
    assert run(f"UPDATE invoicing_invoice SET {change} WHERE id = %s", issued.pk) == 1


@pytest.mark.parametrize("table", ["invoicing_invoiceline", "invoicing_invoice"])
def test_nothing_of_an_issued_invoice_is_deleted(issued, table):
    with pytest.raises(DatabaseError):
        run(f"DELETE FROM {table}")

    assert (Invoice.objects.count(), issued.lines.count()) == (1, 2)


def test_lines_of_an_issued_invoice_are_neither_changed_nor_added(issued):
    line = issued.lines.first()
    pk, before = line.pk, row_of("invoicing_invoiceline", line.pk)

    with pytest.raises(DatabaseError):
        run("UPDATE invoicing_invoiceline SET unit_price = 1 WHERE id = %s", line.pk)
    with pytest.raises(DatabaseError):
        line.pk = None
        with transaction.atomic():
            line.save()

    assert row_of("invoicing_invoiceline", pk) == before
    assert issued.lines.model.objects.count() == 2


def test_a_line_of_a_draft_does_not_move_to_an_issued_invoice(issued, acme):
    line = make_draft(acme).lines.first()

    with pytest.raises(DatabaseError):
        run("UPDATE invoicing_invoiceline SET invoice_id = %s WHERE id = %s", issued.pk, line.pk)

    assert issued.lines.model.objects.filter(invoice=issued).count() == 2


def test_the_pdf_is_put_in_place_once(issued, acme):
    files = [
        store_file(content=text, name="a.pdf", content_type="application/pdf", client_id=acme.pk)
        for text in (b"%PDF-1", b"%PDF-2")
    ]
    sql = "UPDATE invoicing_invoice SET pdf_id = %s, pdf_sha256 = %s WHERE id = %s"
    run(sql, files[0].pk, files[0].sha256, issued.pk)

    with pytest.raises(DatabaseError):
        run(sql, files[1].pk, files[1].sha256, issued.pk)

    assert Invoice.objects.get().pdf_id == files[0].pk


def test_an_issued_credit_note_is_frozen(issued, manager):
    note = services.cancel_invoice(invoice=issued, reason="Erreur", on=ON, at=AT, actor=manager)

    for sql in (
        "UPDATE invoicing_creditnote SET total = 1, total_net = 1, total_vat = 0",
        "UPDATE invoicing_creditnote SET reason = 'autre'",
        "UPDATE invoicing_creditnoteline SET net = 0",
        "DELETE FROM invoicing_creditnoteline",
        "DELETE FROM invoicing_creditnote",
    ):
        with pytest.raises(DatabaseError):
            run(sql)

    assert CreditNote.objects.get().total == note.total


@pytest.mark.parametrize(
    "change", ["total = 1, total_net = 1", "subject = 'Autre'", "status = 'draft'"]
)
def test_a_sent_quote_keeps_what_it_says(sent_quote, change):
    before = row_of("invoicing_quote", sent_quote.pk)

    with pytest.raises(DatabaseError):
        run(f"UPDATE invoicing_quote SET {change}")

    assert row_of("invoicing_quote", sent_quote.pk) == before


def test_an_answer_to_a_quote_stays(sent_quote, acme_owner):
    services.accept_quote(quote=sent_quote, name="Awa Koné", at=AT, actor=acme_owner)

    for change in ("decided_name = 'Autre'", "status = 'refused'", "decided_at = now()"):
        with pytest.raises(DatabaseError):
            run(f"UPDATE invoicing_quote SET {change}")

    sent_quote.refresh_from_db()
    assert (sent_quote.status, sent_quote.decided_name) == ("accepted", "Awa Koné")


def test_a_draft_is_changed_and_deleted_freely(draft):
    run("UPDATE invoicing_invoice SET subject = 'Autre' WHERE id = %s", draft.pk)

    Invoice.objects.get().delete()

    assert not Invoice.objects.exists()


def test_events_are_only_added(issued):
    for sql in (
        "UPDATE invoicing_invoiceevent SET amount = 1",
        "DELETE FROM invoicing_invoiceevent",
    ):
        with pytest.raises(DatabaseError):
            run(sql)

    assert issued.events.get().amount == 1_475_000
