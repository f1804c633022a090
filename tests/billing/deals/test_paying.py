"""The payment of a won opportunity by a link: opened once, paid once, in the books once."""

from datetime import timedelta

import pytest

from billing.deals import services
from billing.deals.models import DealPayment
from billing.invoicing.models import Invoice
from billing.payments import services as payments
from billing.payments.models import Anomaly, Payment, PaymentAttempt
from billing.payments.queries import client_credit, find_differences
from billing.payments.services.attempts import CannotPay
from core import rls
from portal.crm.models import Interaction
from tests.billing.payments.test_several_providers import play


def pay(payer, post, now, attempt, story="success"):
    """Play a story at the provider, hear its notices, and ask about them."""
    play(payer, attempt, story)
    answers = [post(attempt.provider, notice) for notice in payer.notices(attempt)]
    payments.work_inbox(at=now + timedelta(seconds=10))
    payments.work_inbox(at=now + timedelta(seconds=60))
    return answers


def test_a_link_carries_the_exact_amount_and_the_ids_to_stripe(connect, link, sale, payer):
    connect("stripe")

    deal = link(sale)

    session = payer.server.application.book.find_reference(deal.attempt.reference)
    assert (deal.state, deal.provider, deal.amount, deal.currency) == (
        "en_attente", "stripe", 118_000, "XOF",
    )  # fmt: skip
    assert deal.url == deal.attempt.redirect_url
    assert deal.session_id == session.id
    assert session.amount == 118_000
    assert (session.facts["opportunity_id"], session.facts["client_id"]) == (
        str(sale.pk), str(sale.client_id),
    )  # fmt: skip


def test_a_second_click_gives_the_same_live_link(connect, link, sale, now):
    connect("stripe")
    first = link(sale)

    again = link(sale, at=now + timedelta(minutes=5))

    with rls.staff("test"):
        assert PaymentAttempt.objects.count() == 1
    assert (again.pk, again.url) == (first.pk, first.url)


def test_a_link_that_is_over_is_renewed(connect, link, sale, now):
    connect("stripe")
    first = link(sale)

    again = link(sale, at=now + timedelta(hours=25))

    with rls.staff("test"):
        assert sorted(PaymentAttempt.objects.values_list("state", flat=True)) == [
            "expired", "pending",
        ]  # fmt: skip
    assert again.pk == first.pk
    assert again.url != first.url


@pytest.mark.parametrize("provider", ["stripe", "wave"])
def test_the_verified_notification_marks_the_opportunity_paid_once(
    provider, connect, link, sale, payer, post, now, manager, acme
):
    connect(provider)
    deal = link(sale, channel={"stripe": "card", "wave": "wave"}[provider])

    answers = pay(payer, post, now, deal.attempt, "double")

    with rls.staff("test"):
        deal.refresh_from_db()
        payment = Payment.objects.get()
        told = Interaction.objects.get(kind="paiement_recu")
        assert not Anomaly.objects.exists()
        assert find_differences() == []
        assert client_credit(acme.pk, "XOF") == 118_000
    assert answers == [200, 200, 200]
    assert (deal.state, deal.payment_id) == ("paye", payment.pk)
    assert (payment.amount, payment.amount_unallocated) == (118_000, 118_000)
    assert (told.opportunity_id, told.client_id) == (sale.pk, acme.pk)
    assert told.meta["payment_id"] == payment.pk


@pytest.mark.parametrize(("story", "kind"), [("amount", "amount"), ("currency", "currency")])
def test_another_amount_or_currency_is_an_anomaly_and_no_payment(
    story, kind, connect, link, sale, payer, post, now
):
    connect("stripe")
    deal = link(sale)

    pay(payer, post, now, deal.attempt, story)

    with rls.staff("test"):
        deal.refresh_from_db()
        assert Anomaly.objects.get().kind == kind
        assert not Payment.objects.exists()
        assert not Interaction.objects.exists()
    assert deal.state == "en_attente"


def test_a_second_link_of_a_paid_opportunity_is_refused(connect, link, sale, payer, post, now):
    connect("stripe")
    deal = link(sale)
    pay(payer, post, now, deal.attempt)

    with pytest.raises(payments.SalePaid):
        link(sale)

    with rls.staff("test"):
        assert PaymentAttempt.objects.count() == 1


def test_two_pages_paid_are_one_mark_and_money_to_look_at(
    connect, link, sale, payer, post, now, acme
):
    connect("stripe")
    connect("orange-money")  # which cannot close a page
    old = link(sale, channel="orange").attempt
    new = link(sale, at=now + timedelta(hours=25)).attempt
    pay(payer, post, now, old)
    pay(payer, post, now, new)

    with rls.staff("test"):
        deal = DealPayment.objects.get()
        assert deal.payment.attempt_id == old.pk
        assert Payment.objects.count() == 2
        assert Anomaly.objects.get().kind == "unallocated"
        assert client_credit(acme.pk, "XOF") == 236_000
        assert find_differences() == []


def test_the_credit_pays_the_invoice_of_the_deal(
    connect, link, sale, payer, post, now, invoice, owner_staff
):
    connect("stripe")
    deal = link(sale)
    pay(payer, post, now, deal.attempt)

    with rls.staff("test"):
        used = payments.use_credit(invoice=invoice, at=now + timedelta(hours=1), actor=owner_staff)
        due = Invoice.objects.get(pk=invoice.pk).amount_due
        assert find_differences() == []
    assert (used, due) == (118_000, 0)


def test_money_that_is_all_given_back_takes_the_mark_off(
    connect, link, sale, payer, post, now, owner_staff
):
    connect("stripe")
    deal = link(sale)
    pay(payer, post, now, deal.attempt)

    with rls.staff("test"):
        payments.record_refund(
            payment=Payment.objects.get(),
            amount=118_000,
            reason="Vente annulée",
            reference="R-1",
            refunded_on=now.date(),
            actor=owner_staff,
            at=now + timedelta(hours=1),
            idempotency_key="r1",
        )
        deal.refresh_from_db()
        assert find_differences() == []
    assert deal.state == "rembourse"
    assert link(sale, at=now + timedelta(hours=2)).state == "en_attente"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"amount": None}, "Indiquez d’abord le montant"),
        ({"amount": 0}, "Indiquez d’abord le montant"),
        ({"amount": 10**9}, "Ce moyen ne prend pas plus de"),
        ({"amount": 100}, "trop faible"),
        ({"currency": "NGN"}, "n’est pas disponible"),
    ],
)
def test_what_cannot_be_paid_says_why_and_opens_nothing(fields, words, connect, link, make_sale):
    connect("stripe")
    sale = make_sale(**fields)

    with pytest.raises(CannotPay, match=words):
        link(sale)

    with rls.staff("test"):
        assert not PaymentAttempt.objects.exists()


def test_an_opportunity_that_is_not_won_is_not_paid(connect, link, make_sale, open_stage):
    connect("stripe")

    with pytest.raises(services.NotWon, match="gagnée"):
        link(make_sale(stage=open_stage))

    with rls.staff("test"):
        assert not PaymentAttempt.objects.exists()


def test_euros_are_asked_in_cents_and_francs_in_francs(connect, link, make_sale, payer):
    connect("stripe")

    euros = link(make_sale(amount=10_000, currency="EUR"))
    francs = link(make_sale(amount=10_000))

    book = payer.server.application.book
    assert book.find_reference(euros.attempt.reference).amount == 10_000
    assert book.find_reference(francs.attempt.reference).amount == 10_000
    assert (euros.currency, francs.currency) == ("EUR", "XOF")
