"""Numbers and money when several processes act at once, on the real database."""

import multiprocessing

import pytest
from django.db import connection, transaction

from billing.invoicing import services
from billing.invoicing.models import Invoice, InvoiceEvent, NumberSeries
from core import rls
from core.accounts.models import Company
from tests.billing.invoicing.conftest import AT, ON, make_draft, make_issued

pytestmark = pytest.mark.django_db(transaction=True)
PROCESSES = 8
EACH = 6


class Undone(Exception):
    """Has a transaction rolled back."""


def at_once(work, *arguments):
    """Run a function in several processes at the same moment; return what each one answered."""
    connection.close()
    context = multiprocessing.get_context("fork")
    start, answers = context.Barrier(PROCESSES), context.SimpleQueue()
    children = [
        context.Process(target=_child, args=(work, start, answers, rank, arguments))
        for rank in range(PROCESSES)
    ]
    for child in children:
        child.start()
    found = [answers.get() for _ in children]
    for child in children:
        child.join(60)
    return found


def _child(work, start, answers, rank, arguments):
    connection.close()
    start.wait(60)
    try:
        with rls.staff("test"):
            answers.put(work(rank, *arguments))
    finally:
        connection.close()


def issue_some(rank, drafts):
    """Issue one's share of the drafts; undo one in three the first time."""
    issued = 0
    for turn, pk in enumerate(drafts[rank::PROCESSES]):
        if turn % 3 == 0:
            _issue_and_undo(pk)
        services.issue_invoice(invoice=Invoice.objects.get(pk=pk), on=ON, at=AT, actor=None)
        issued += 1
    return issued


def _issue_and_undo(pk):
    try:
        with transaction.atomic():
            services.issue_invoice(invoice=Invoice.objects.get(pk=pk), on=ON, at=AT, actor=None)
            raise Undone
    except Undone:
        return


def issue_the_same(rank, pk):
    try:
        services.issue_invoice(invoice=Invoice.objects.get(pk=pk), on=ON, at=AT, actor=None)
    except services.CannotIssue:
        return "refused"
    return "issued"


def pay_a_part(rank, pk):
    return services.apply_payment(invoice=Invoice.objects.get(pk=pk), amount=400_000, at=AT)


def test_numbers_have_no_gap_and_no_double_whoever_rolls_back(acme):
    with rls.staff("test"):
        drafts = [make_draft(acme).pk for _ in range(PROCESSES * EACH)]

    done = at_once(issue_some, drafts)

    with rls.staff("test"):
        numbers = sorted(Invoice.objects.values_list("number", flat=True))
    assert done == [EACH] * PROCESSES
    assert numbers == [f"FAC-2026-{rank:04}" for rank in range(1, PROCESSES * EACH + 1)]
    assert NumberSeries.objects.get().last == PROCESSES * EACH


def test_one_invoice_is_issued_by_one_process_only(acme):
    with rls.staff("test"):
        pk = make_draft(acme).pk

    answers = at_once(issue_the_same, pk)

    with rls.staff("test"):
        events = InvoiceEvent.objects.filter(kind="issued").count()
    assert sorted(answers) == ["issued"] + ["refused"] * (PROCESSES - 1)
    assert events == 1
    assert NumberSeries.objects.get().last == 1


def test_payments_at_once_never_take_more_than_is_due(acme):
    with rls.staff("test"):
        pk = make_issued(acme).pk

    taken = at_once(pay_a_part, pk)

    with rls.staff("test"):
        invoice = Invoice.objects.get(pk=pk)
        settled = InvoiceEvent.objects.filter(kind="settled").count()
    assert sorted(taken) == [0, 0, 0, 0, 275_000, 400_000, 400_000, 400_000]
    assert (invoice.amount_paid, invoice.amount_due, settled) == (1_475_000, 0, 1)
    assert Company.objects.count() == 1
