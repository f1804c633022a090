"""Money on an invoice: never above what is due, settled once, taken back exactly."""

import pytest

from billing.invoicing import services, signals
from billing.invoicing.models import Invoice, InvoiceEvent
from tests.billing.invoicing.conftest import AT

pytestmark = pytest.mark.django_db


def pay(invoice, amount):
    return services.apply_payment(invoice=invoice, amount=amount, at=AT, detail="Wave")


def kinds():
    return list(InvoiceEvent.objects.order_by("pk").values_list("kind", "amount"))


def test_a_part_of_the_price_leaves_the_rest_due(issued):
    taken = pay(issued, 475_000)

    assert taken == 475_000
    assert (issued.amount_paid, issued.amount_due) == (475_000, 1_000_000)
    assert Invoice.objects.get().settled_at is None
    assert kinds() == [("issued", 1_475_000), ("payment", 475_000)]


def test_the_last_franc_settles_the_invoice_and_says_so_once(issued):
    heard = []

    def listen(sender, invoice, **_):
        heard.append(invoice.number)

    signals.invoice_settled.connect(listen)
    pay(issued, 475_000)
    pay(issued, 1_000_000)
    signals.invoice_settled.disconnect(listen)

    assert Invoice.objects.get().settled_at == AT
    assert heard == ["FAC-2026-0001"]
    assert kinds()[-1] == ("settled", None)


def test_more_than_is_due_is_not_taken(issued):
    taken = pay(issued, 2_000_000)

    assert taken == 1_475_000
    assert Invoice.objects.get().amount_paid == 1_475_000


def test_nothing_is_taken_once_settled(issued):
    pay(issued, 1_475_000)

    taken = pay(issued, 1)

    assert taken == 0
    assert Invoice.objects.get().amount_paid == 1_475_000
    assert len(kinds()) == 3


def test_a_draft_takes_no_money(draft):
    taken = pay(draft, 1_000)

    assert taken == 0
    assert Invoice.objects.get().amount_paid == 0
    assert kinds() == []


@pytest.mark.parametrize("amount", [0, -1])
def test_a_payment_is_positive(issued, amount):
    with pytest.raises(ValueError, match="positive"):
        pay(issued, amount)

    assert Invoice.objects.get().amount_paid == 0


def test_money_given_back_is_due_again(issued, manager):
    pay(issued, 1_475_000)

    services.withdraw_payment(invoice=issued, amount=475_000, at=AT, actor=manager)

    fresh = Invoice.objects.get()
    assert (fresh.amount_paid, fresh.amount_due, fresh.settled_at) == (1_000_000, 475_000, None)
    assert kinds()[-1] == ("refunded", 475_000)


@pytest.mark.parametrize("amount", [0, -5, 475_001])
def test_no_more_is_given_back_than_was_paid(issued, amount):
    pay(issued, 475_000)

    with pytest.raises(services.CannotWithdraw):
        services.withdraw_payment(invoice=issued, amount=amount, at=AT)

    assert Invoice.objects.get().amount_paid == 475_000
    assert len(kinds()) == 2
