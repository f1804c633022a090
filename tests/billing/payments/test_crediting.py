"""Money is credited once, in full, or not at all (P01, P02, P07–P18)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from billing.invoicing.services import cancel_invoice
from billing.payments import services
from billing.payments.models import Allocation, Anomaly, AttemptEvent, Payment, Receipt
from billing.payments.providers.base import Money, PayState, Snapshot
from billing.payments.services import Outcome
from core.outbox.models import OwedWork
from core.outbox.services import do

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("team")]

MINUTE = timedelta(minutes=1)


def said(amount, currency="XOF", state=PayState.SUCCEEDED, reference="MP1"):
    """Return what a provider might say."""
    return Snapshot(
        state=state,
        money=Money(amount, currency),
        provider_txn_id=reference,
        method="MOMO",
        code="00",
    )


@pytest.fixture
def apply(now):
    """Return a function that applies what a provider says."""

    def settle(attempt, snapshot, at=now):
        source = AttemptEvent.Source.CHECK
        return services.apply_snapshot(
            attempt_id=attempt.pk, snapshot=snapshot, source=source, at=at
        )

    return settle


def test_P01_a_paid_notification_credits_the_invoice_once(
    invoice, start, payer, deliver, now, do_owed_work
):
    attempt = start(invoice)
    payer.pay(attempt)

    answers = deliver(*payer.notices(attempt))
    services.work_inbox(at=now + MINUTE)

    invoice.refresh_from_db()
    payment = Payment.objects.get()
    assert set(answers) == {200}
    assert (invoice.amount_paid, invoice.amount_due) == (118_000, 0)
    assert (payment.amount, payment.amount_unallocated, payment.attempt) == (118_000, 0, attempt)
    assert (payment.method, payment.channel, payment.is_test) == ("mobile_money", "MTN MoMo", True)
    assert payment.receipt.number.endswith("-0001")
    assert [mail.to for mail in do_owed_work() if "Paiement reçu" in mail.subject] == [
        ["acme@acme.test", "awa@acme.test"]
    ]


def test_P02_the_same_notification_five_times_is_one_payment_and_one_mail(
    invoice, start, payer, deliver, now, do_owed_work
):
    attempt = start(invoice)
    payer.pay(attempt)
    notice = payer.notices(attempt)[-1]

    answers = deliver(*[notice] * 5)
    for minute in range(5):
        services.work_inbox(at=now + minute * MINUTE)

    assert answers == [200] * 5
    assert Payment.objects.count() == Receipt.objects.count() == 1
    assert len(do_owed_work()) == 1


def test_P07_a_mail_server_that_fails_costs_a_retry_and_nothing_else(
    invoice, start, apply, now, settings
):
    apply(start(invoice), said(118_000))
    receipt_work = OwedWork.objects.get(topic="payments.receipt")
    do(receipt_work.pk, at=now + MINUTE)
    mail_work = OwedWork.objects.get(topic="mail", key__startswith="mail:receipt")
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1

    with pytest.raises(OSError):
        do(mail_work.pk, at=now + MINUTE)

    mail_work.refresh_from_db()
    invoice.refresh_from_db()
    assert mail_work.state == OwedWork.State.OWED
    assert (invoice.amount_due, Payment.objects.count()) == (0, 1)


def test_P08_two_attempts_both_paid_keep_all_the_money(invoice, start, payer, check, now):
    first = start(invoice, channel="mtn")
    second = start(invoice, channel="moov", at=now + MINUTE)
    payer.pay(first)
    payer.pay(second)

    outcomes = [check(first), check(second)]

    invoice.refresh_from_db()
    assert outcomes == [Outcome.CREDITED, Outcome.CREDITED]
    assert (invoice.amount_paid, invoice.amount_due) == (118_000, 0)
    assert sorted(Payment.objects.values_list("amount", "amount_unallocated")) == [
        (118_000, 0),
        (118_000, 118_000),
    ]
    assert Anomaly.objects.get().kind == Anomaly.Kind.UNALLOCATED


def test_P09_money_for_an_invoice_paid_in_cash_meanwhile_stays_to_the_clients_credit(
    invoice, acme, start, apply, owner_staff, now
):
    attempt = start(invoice)
    services.record_payment(
        client=acme,
        invoice=invoice,
        amount=118_000,
        method="cash",
        reference="",
        received_on=now.date(),
        actor=owner_staff,
        at=now,
    )

    outcome = apply(attempt, said(118_000))

    invoice.refresh_from_db()
    online = Payment.objects.get(attempt=attempt)
    assert outcome == Outcome.CREDITED
    assert (invoice.amount_paid, online.amount_unallocated) == (118_000, 118_000)
    assert not online.allocations.exists()
    assert Anomaly.objects.get().kind == Anomaly.Kind.UNALLOCATED


def test_P09_a_cancelled_invoice_is_not_opened_again(make_invoice, acme, start, apply, now):
    invoice = make_invoice(acme, "FAC-2026-0009")
    attempt = start(invoice)
    cancel_invoice(invoice=invoice, reason="Doublon", on=now.date(), at=now, actor=None)

    apply(attempt, said(118_000))

    invoice.refresh_from_db()
    assert (invoice.status, invoice.amount_paid) == ("cancelled", 0)
    assert Payment.objects.get().amount_unallocated == 118_000


def test_P10_a_stale_copy_of_the_invoice_does_not_undo_the_payment(invoice, start, apply, now):
    stale = type(invoice).objects.get(pk=invoice.pk)
    attempt = start(invoice)

    apply(attempt, said(118_000))
    stale.seen_at = now
    stale.save(update_fields=["seen_at"])

    stale.refresh_from_db()
    assert stale.amount_paid == 118_000


def test_P11_a_smaller_amount_is_left_for_a_person(invoice, start, payer, check):
    attempt = start(invoice)
    payer.pay(attempt, "14")

    outcome = check(attempt)

    attempt.refresh_from_db()
    invoice.refresh_from_db()
    anomaly = Anomaly.objects.get()
    assert (outcome, attempt.state) == (Outcome.REVIEW, "review")
    assert (invoice.amount_paid, Payment.objects.count()) == (0, 0)
    assert (anomaly.kind, anomaly.attempt) == (Anomaly.Kind.AMOUNT, attempt)
    assert "117\u202f500" in anomaly.detail


def test_P12_another_currency_is_left_for_a_person(invoice, start, apply):
    attempt = start(invoice)

    outcome = apply(attempt, said(118_000, "XAF"))

    invoice.refresh_from_db()
    assert outcome == Outcome.REVIEW
    assert (invoice.amount_paid, Payment.objects.count()) == (0, 0)
    assert Anomaly.objects.get().kind == Anomaly.Kind.CURRENCY


def test_a_reviewed_attempt_stays_so_whatever_is_said_later(invoice, start, apply, now):
    attempt = start(invoice)
    apply(attempt, said(500))

    outcome = apply(attempt, said(118_000), at=now + MINUTE)

    attempt.refresh_from_db()
    assert (outcome, attempt.state, Payment.objects.count()) == (Outcome.REVIEW, "review", 0)


@pytest.mark.parametrize("written", ["118000", " 118000", "118000.00"])
def test_P13_an_amount_written_plainly_is_read(invoice, start, payer, check, written):
    attempt = start(invoice)
    body = '{"code":"00","message":"SUCCES","data":{"amount":"%s","currency":"XOF",'
    payer.fault(kind="reply", on="check", body=body % written + '"status":"ACCEPTED"}}')

    assert check(attempt) == Outcome.CREDITED

    assert Payment.objects.get().amount == 118_000


@pytest.mark.parametrize("written", ["118 000", "1.18e5", "", "118000.50"])
def test_P13_an_amount_written_oddly_is_left_for_a_person(invoice, start, payer, check, written):
    attempt = start(invoice)
    body = '{"code":"00","message":"SUCCES","data":{"amount":"%s","currency":"XOF",'
    payer.fault(kind="reply", on="check", body=body % written + '"status":"ACCEPTED"}}')

    assert check(attempt) == Outcome.REVIEW

    assert not Payment.objects.exists()
    assert Anomaly.objects.get().kind == Anomaly.Kind.AMOUNT


def test_P14_more_than_asked_is_kept_to_the_clients_credit_and_told(invoice, start, apply):
    attempt = start(invoice)

    outcome = apply(attempt, said(120_000))

    invoice.refresh_from_db()
    payment = Payment.objects.get()
    assert outcome == Outcome.CREDITED
    assert (payment.amount, payment.amount_unallocated) == (120_000, 2_000)
    assert invoice.amount_paid == 118_000
    assert Anomaly.objects.get().kind == Anomaly.Kind.SURPLUS


def test_P15_the_francs_no_wallet_takes_are_written_off(make_invoice, acme, start, payer, check):
    invoice = make_invoice(acme, "FAC-2026-0002", net=9_999, vat=1_800)
    attempt = start(invoice)
    payer.pay(attempt)

    check(attempt)

    invoice.refresh_from_db()
    assert attempt.amount == 11_795
    assert payer.sandbox.find(attempt.reference).amount == 11_795
    assert (invoice.amount_paid, invoice.amount_due) == (11_799, 0)
    assert sorted(Allocation.objects.values_list("kind", "amount")) == [
        ("payment", 11_795),
        ("rounding", 4),
    ]
    payment = Payment.objects.get()
    assert (payment.amount, payment.amount_unallocated) == (11_795, 0)


def test_P17_thirty_then_seventy_percent_settle_the_invoice_exactly(
    invoice, start, payer, check, now
):
    first = start(invoice, amount=35_400)
    payer.pay(first)
    check(first)
    invoice.refresh_from_db()
    left_after_first = invoice.amount_due

    second = start(invoice, at=now + MINUTE)
    payer.pay(second)
    check(second, at=now + MINUTE)

    invoice.refresh_from_db()
    balances = list(Receipt.objects.order_by("pk").values_list("balance_left", flat=True))
    assert (left_after_first, second.amount, invoice.amount_due) == (82_600, 82_600, 0)
    assert balances == [82_600, 0]


def test_P18_francs_are_sent_as_francs(make_invoice, acme, start, payer):
    invoice = make_invoice(acme, "FAC-2026-0003", net=50_000, vat=0)

    attempt = start(invoice)

    assert payer.sandbox.find(attempt.reference).amount == 50_000


def test_one_operator_reference_pays_one_attempt(invoice, make_invoice, acme, start, apply):
    other = make_invoice(acme, "FAC-2026-0004")
    apply(start(invoice), said(118_000, reference="MP9"))

    outcome = apply(start(other), said(118_000, reference="MP9"))

    other.refresh_from_db()
    assert outcome == Outcome.REVIEW
    assert (other.amount_paid, Payment.objects.count()) == (0, 1)
    assert Anomaly.objects.get().kind == Anomaly.Kind.CONTRADICTION


def test_words_longer_than_any_we_know_are_cut_and_the_money_is_credited(invoice, start, apply):
    attempt = start(invoice, channel="mtn")
    attempt.channel = ""
    attempt.save(update_fields=["channel"])
    long_words = replace(said(118_000, reference="R" * 150), method="OPERATEUR-INCONNU " * 10)

    assert apply(attempt, long_words) == Outcome.CREDITED
    assert Payment.objects.get().provider_reference == "R" * 100
