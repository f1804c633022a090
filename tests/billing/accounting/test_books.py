"""The books in the database: each fact once, numbers without gap, nothing handed over twice."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from billing.accounting import queries
from billing.accounting.fec_check import check_fec, decode_fec
from billing.accounting.models import EntryLine, ExportBatch, JournalEntry
from billing.accounting.services import (
    CannotExport,
    CannotValidate,
    cancel_export,
    make_export,
    post_entries,
    rebuild_drafts,
    validate_entries,
    write_export,
)
from billing.accounting.services.exports import open_export
from billing.invoicing.services import cancel_invoice
from billing.payments.models import Allocation, Payment
from billing.payments.services import record_refund, use_credit
from core.hooks import CashMove
from tests.conftest import AT, ON

LATER = AT + timedelta(days=5)
TODAY = ON + timedelta(days=5)


def lines_of(kind):
    rows = EntryLine.objects.filter(entry__kind=kind).order_by("entry_id", "pk")
    return [(line.account, line.debit, line.credit) for line in rows]


def check_deferred():
    """Have the database check what it keeps for the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


@pytest.fixture
def post(company):
    return lambda: post_entries(company=company, at=LATER)


@pytest.fixture
def validate(company, manager):
    def until(day, today=TODAY):
        return validate_entries(company=company, until=day, today=today, actor=manager, at=LATER)

    return until


@pytest.fixture
def export(books, manager):
    def make(format="sage", start=date(2026, 1, 1), end=ON):
        return make_export(
            books=books, format=format, start=start, end=end, actor=manager, at=LATER
        )

    return make


def test_what_happened_is_posted_once_however_often_it_runs(issue, pay, post):
    invoice = issue()
    pay(invoice, 118_000)

    first, second = post(), post()

    assert (first.entries, first.problems, second.entries) == (2, [], 0)
    assert lines_of("invoice") == [("4111", 118_000, 0), ("7061", 0, 100_000), ("4432", 0, 18_000)]
    assert lines_of("payment") == [("521", 118_000, 0), ("4111", 0, 118_000)]
    check_deferred()


def test_a_settled_invoice_is_lettered(issue, pay, post):
    invoice = issue()
    pay(invoice, 50_000)
    post()
    before = EntryLine.objects.filter(lettering__isnull=False).count()

    pay(invoice, 68_000)
    post()

    lettered = EntryLine.objects.filter(lettering__isnull=False)
    assert before == 0
    assert {(line.account, line.lettering.code) for line in lettered} == {("4111", "AAA")}
    assert lettered.count() == 3


def test_advances_refunds_and_cancelled_invoices_leave_what_billing_says(
    books, issue, pay, post, manager
):
    paid, other, wrong = issue(), issue(net=200_000), issue()
    payment = pay(paid, 200_000)
    use_credit(invoice=other, at=AT + timedelta(hours=2), actor=manager)
    record_refund(
        payment=payment,
        amount=20_000,
        reason="Geste",
        reference="",
        refunded_on=ON,
        actor=manager,
        at=AT + timedelta(hours=3),
        idempotency_key="k",
    )
    cancel_invoice(invoice=wrong, reason="Erreur", on=ON, at=AT + timedelta(hours=4), actor=manager)

    posted = post()

    assert posted.problems == []
    assert queries.find_differences(books) == []
    balances = {
        row.account: row.closing
        for row in queries.trial_balance(books, start=ON, end=ON + timedelta(days=9))
    }
    assert sum(balances.values()) == 0
    assert balances["521"] == 180_000
    assert balances["4111"] == 118_000 + 236_000 - 180_000
    assert balances.get("4191", 0) == 0


def test_fees_and_payouts_come_through_the_hook(company, team, post):
    from wagtail import hooks

    def moves(_company, unposted):
        move = CashMove("payout", 7, company.pk, ON, 90_000, "P7", provider="cinetpay")
        return [move]

    with hooks.register_temporarily("nourx_cash_moves", moves):
        first, second = post(), post()

    assert (first.entries, second.entries) == (2, 0)
    assert lines_of("payout") == [("585", 90_000, 0), ("552", 0, 90_000)]
    assert lines_of("payout_in") == [("521", 90_000, 0), ("585", 0, 90_000)]


def test_money_of_the_sandbox_stays_out_unless_the_books_take_it(books, acme, company, post):
    Payment.objects.create(
        company=company,
        client=acme,
        method="transfer",
        amount=1_000,
        amount_unallocated=1_000,
        received_on=ON,
        recorded_at=AT,
        is_test=True,
    )
    first = post()
    books.posts_test_money = True
    books.save()

    second = post()

    assert (first.entries, second.entries) == (0, 1)
    assert lines_of("payment") == [("521", 1_000, 0), ("4191", 0, 1_000)]


def test_an_unknown_rate_is_told_and_stops_nothing_else(issue, post, acme, company):
    payment = Payment.objects.create(
        company=company,
        client=acme,
        method="transfer",
        amount=1_000,
        amount_unallocated=1_000,
        currency="USD",
        received_on=ON,
        recorded_at=AT,
    )
    plain = issue()

    posted = post()

    assert [(one.kind, one.source_id) for one in posted.problems] == [("payment", payment.pk)]
    assert JournalEntry.objects.get().source_id == plain.pk


def test_validating_numbers_in_order_without_gap(issue, validate, books):
    first, second = issue(on=ON - timedelta(days=3)), issue(on=ON - timedelta(days=2))
    third = issue()

    counts = (validate(ON - timedelta(days=2)), validate(ON))

    numbers = dict(JournalEntry.objects.values_list("source_id", "number"))
    assert counts == (2, 1)
    assert numbers == {first.pk: 1, second.pk: 2, third.pk: 3}


@pytest.mark.parametrize("until", [TODAY, ON - timedelta(days=1)])
def test_a_day_that_is_not_over_or_is_closed_is_refused(issue, validate, until):
    issue()
    validate(ON)

    with pytest.raises(CannotValidate):
        validate(until)

    assert JournalEntry.objects.get().number == 1


def test_what_comes_late_goes_to_the_first_open_day(issue, pay, validate, post):
    invoice = issue()
    validate(ON + timedelta(days=2))

    pay(invoice, 118_000, on=ON)
    post()

    late = JournalEntry.objects.get(kind="payment")
    assert (late.date, late.piece_date) == (ON + timedelta(days=3), ON)


def test_a_validated_entry_never_changes(issue, validate):
    issue()
    validate(ON)
    entry = JournalEntry.objects.get()
    line = entry.lines.first()

    for change in (
        lambda: JournalEntry.objects.filter(pk=entry.pk).update(label="Autre"),
        lambda: JournalEntry.objects.filter(pk=entry.pk).update(number=9),
        lambda: JournalEntry.objects.filter(pk=entry.pk).delete(),
        lambda: EntryLine.objects.filter(pk=line.pk).update(account="999"),
        lambda: EntryLine.objects.filter(pk=line.pk).delete(),
        lambda: EntryLine.objects.create(entry=entry, account="521", debit=1),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()

    assert list(entry.lines.values_list("account", "debit", "credit")) == [
        ("4111", 118_000, 0),
        ("7061", 0, 100_000),
        ("4432", 0, 18_000),
    ]


def test_the_database_refuses_an_entry_that_does_not_balance(issue, post):
    issue()
    post()
    entry = JournalEntry.objects.get()

    with pytest.raises(IntegrityError, match="does not balance"), transaction.atomic():
        EntryLine.objects.create(entry=entry, account="521", debit=1)
        check_deferred()

    assert entry.lines.count() == 3


def test_drafts_follow_the_accounts_validated_entries_do_not(
    issue, books, company, manager, validate
):
    issue(on=ON - timedelta(days=3))
    validate(ON - timedelta(days=3))
    issue()
    books.accounts.filter(use="client").update(number="41110")

    rebuild_drafts(company=company, actor=manager, at=LATER)

    asked = EntryLine.objects.filter(use="client").order_by("entry__date")
    assert [line.account for line in asked] == ["4111", "41110"]


def test_money_for_an_old_invoice_goes_to_the_account_it_was_posted_on(
    issue, pay, books, validate, post
):
    invoice = issue()
    validate(ON)
    books.accounts.filter(use="client").update(number="41110")

    pay(invoice, 118_000)
    post()

    assert lines_of("payment") == [("521", 118_000, 0), ("4111", 0, 118_000)]


def test_an_export_takes_entries_once_and_keeps_its_bytes(issue, validate, export):
    issue()
    validate(ON)

    batch = write_export(batch_id=export().pk)
    again = write_export(batch_id=batch.pk)
    with pytest.raises(CannotExport, match="Aucune écriture"):
        export("pnm")

    with open_export(batch) as first, open_export(again) as second:
        content = first.read()
        assert content == second.read()
    assert content.decode("cp1252").startswith("G\tVE\t201126\t1\t4111\t")
    assert (batch.state, batch.entry_count, batch.line_count, batch.total) == (
        "ready",
        1,
        3,
        118_000,
    )
    assert ExportBatch.objects.count() == 1


def test_drafts_are_not_handed_over(issue, post, export):
    issue()
    post()

    with pytest.raises(CannotExport):
        export()

    assert not ExportBatch.objects.exists()


def test_a_cancelled_export_gives_its_entries_back(issue, validate, export, manager):
    issue()
    validate(ON)
    batch = write_export(batch_id=export().pk)
    with pytest.raises(CannotExport, match="pourquoi"):
        cancel_export(batch=batch, reason=" ", actor=manager, at=LATER)

    cancel_export(batch=batch, reason="Jamais importé", actor=manager, at=LATER)
    second = export("csv")

    batch.refresh_from_db()
    assert (batch.state, batch.reason) == ("cancelled", "Jamais importé")
    assert JournalEntry.objects.get().batch == second


def test_a_fec_copies_the_period_without_taking_it_and_is_good(issue, pay, validate, export):
    invoice = issue()
    pay(invoice, 118_000)
    validate(ON)
    export()

    batch = write_export(batch_id=export("fec").pk)

    with open_export(batch) as lines:
        report = check_fec(decode_fec(lines), start=date(2026, 1, 1), end=date(2026, 12, 31))
    assert report.is_good
    assert (batch.name, report.entries, report.debit) == ("2112345AFEC20261120.txt", 2, 236_000)


def test_a_rounding_is_posted_apart(issue, pay, post, company, books):
    invoice = issue(net=100_001)  # 118 001: no wallet can take the last franc
    payment = pay(invoice, 118_000, method="mobile_money")
    Allocation.objects.create(
        client=invoice.client,
        payment=payment,
        invoice=invoice,
        kind="rounding",
        amount=1,
        created_at=AT + timedelta(hours=1),
    )

    post()

    assert lines_of("allocation") == [("6588", 1, 0), ("4111", 0, 1)]
    assert EntryLine.objects.filter(lettering__isnull=False).count() == 3
