"""Refunds by a provider, anomalies settled by a person, and failures that are told once."""

from datetime import timedelta

import pytest

from billing.invoicing.models import CreditNote
from billing.payments import queries, services
from billing.payments.models import Anomaly, Payment, PaymentAttempt, Refund, RefundOrder
from billing.payments.services import resolving
from core.notify.models import Notification
from tests.billing.payments.test_several_providers import connect, play

__all__ = ["connect"]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("team")]


@pytest.fixture
def paid(connect, start, payer, check, invoice, now):
    """A payment of 118 000 francs by card, through Stripe."""
    connect("stripe")
    attempt = start(invoice, channel="card")
    play(payer, attempt, "success")
    check(attempt, at=now + timedelta(seconds=10))
    return Payment.objects.get()


@pytest.fixture
def ask(paid, owner_staff, now):
    """Return a function that asks the provider to give money back."""

    def order(amount=118_000, key="k1", **fields):
        values = {"payment": paid, "amount": amount, "reason": "Annulé", "actor": owner_staff}
        return services.order_refund(**values, at=now, idempotency_key=key, **fields)

    return order


def test_P57_a_refund_asked_twice_leaves_once_and_its_credit_note_follows(
    ask, paid, invoice, payer, acme_owner
):
    first, second = ask(with_credit_note=True), ask(with_credit_note=True)

    invoice.refresh_from_db()
    deal = payer.server.application.book.find_reference(paid.attempt.reference)
    assert (first.pk, first.state) == (second.pk, "done")
    assert (deal.refunded, Refund.objects.get().amount) == (118_000, 118_000)
    assert (invoice.status, CreditNote.objects.count()) == ("cancelled", 1)
    assert Notification.objects.filter(user=acme_owner, event="payment_refunded").count() == 1
    assert queries.find_differences() == []


def test_more_than_came_is_never_asked(ask):
    ask(100_000)

    with pytest.raises(services.CannotRefund):
        ask(18_001, key="k2")

    assert RefundOrder.objects.count() == 1


def test_an_answer_that_never_came_is_not_asked_again_and_holds_its_amount(
    ask, paid, settings, owner_staff, now
):
    settings.STRIPE_API_BASE = "http://127.0.0.1:9/stripe"  # nobody listens there

    order = ask(100_000)

    assert order.state == "uncertain"
    assert Anomaly.objects.filter(key=f"refund:{order.pk}").exists()
    with pytest.raises(services.CannotRefund):
        services.record_refund(
            payment=paid,
            amount=20_000,
            reason="x",
            reference="",
            refunded_on=now.date(),
            actor=owner_staff,
            at=now,
            idempotency_key="hand",
        )
    services.end_refund_order(
        order=order, has_left=True, reference="re_1", actor=owner_staff, at=now
    )
    assert Refund.objects.get().amount == 100_000
    assert queries.find_differences() == []


@pytest.fixture
def reviewed(invoice, start, payer, check):
    """An attempt of which the provider says that less came."""
    from billing.payments.providers.base import Money, PayState, Snapshot

    attempt = start(invoice)
    said = Snapshot(PayState.SUCCEEDED, Money(100_000, "XOF"), provider_txn_id="OP-1")
    services.apply_snapshot(
        attempt_id=attempt.pk, snapshot=said, source="check", at=attempt.created_at
    )
    return Anomaly.objects.get(kind="amount")


def test_less_money_than_asked_is_accepted_by_a_person_once(reviewed, invoice, owner_staff, now):
    assert resolving.possible_acts(reviewed) == ["accept", "to_credit"]
    assert resolving.announced_amount(reviewed) == 100_000
    facts = {"anomaly": reviewed, "amount": 100_000, "comment": "Vu", "actor": owner_staff}

    services.accept_money(**facts, at=now)
    with pytest.raises(services.CannotResolve):
        services.accept_money(**facts, at=now)

    invoice.refresh_from_db()
    assert (invoice.amount_due, Payment.objects.count()) == (18_000, 1)
    assert queries.open_anomalies().count() == 0
    assert queries.find_differences() == []


def test_money_in_review_may_go_to_credit_then_to_an_invoice(
    reviewed, invoice, acme, owner_staff, now
):
    services.accept_money(
        anomaly=reviewed, amount=100_000, comment="Vu", actor=owner_staff, at=now, to_credit=True
    )

    invoice.refresh_from_db()
    assert invoice.amount_due == 118_000
    assert queries.client_credit(acme.pk, "XOF") == 100_000
    assert queries.find_differences() == []


def test_money_taken_back_by_the_provider_makes_the_invoice_due(paid, invoice, owner_staff, now):
    anomaly = services.raise_anomaly(
        key="r", kind="reversal", detail="Repris", at=now, attempt=paid.attempt, payment=paid
    )

    services.accept_reversal(anomaly=anomaly, comment="Confirmé", actor=owner_staff, at=now)

    invoice.refresh_from_db()
    assert invoice.amount_due == 118_000
    assert Refund.objects.get().kind == "reversal"
    assert queries.find_differences() == []


def test_S0_216_failures_are_told_once_and_their_end_once(company, invoice, now, do_owed_work):
    rows = [
        PaymentAttempt(
            client_id=invoice.client_id,
            invoice=invoice,
            reference=f"REF{number:017d}",
            provider="cinetpay",
            amount=500,
            state="failed" if number < 4 else "succeeded",
            created_at=now,
            ended_at=now,
        )
        for number in range(6)
    ]
    PaymentAttempt.objects.bulk_create(rows)

    told = [services.watch_failures(at=now + timedelta(minutes=step)) for step in (0, 10, 20, 70)]

    assert [len(each) for each in told] == [1, 0, 0, 1]
    assert len(do_owed_work()) == 2
    assert Anomaly.objects.get().ended_at == now + timedelta(minutes=70)
