"""What an attempt becomes when CinetPay speaks, and speaks again (P33–P41)."""

from datetime import timedelta

import pytest
from django.db import DataError

from billing.payments import circuit, services
from billing.payments.models import Anomaly, AttemptEvent, Payment, PaymentAttempt
from billing.payments.providers.base import GatewayError, GatewayUnavailable
from billing.payments.services import Outcome, checking

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("team")]

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.mark.parametrize(
    ("code", "status", "state", "is_told"),
    [
        ("00", "ACCEPTED", "succeeded", False),
        ("201", "CREATED", "pending", False),
        ("600", "REFUSED", "failed", False),
        ("602", "REFUSED", "failed", False),
        ("603", "PENDING", "pending", False),
        ("604", "WAITING_CUSTOMER_OTP_CODE", "pending", False),
        ("605", "REFUSED", "failed", False),
        ("606", "REFUSED", "failed", False),
        ("607", "PENDING", "pending", False),
        ("609", "", "pending", True),
        ("620", "", "pending", True),
        ("621", "REFUSED", "failed", False),
        ("623", "WAITING_FOR_CUSTOMER", "pending", False),
        ("624", "", "pending", False),
        ("625", "REFUSED", "expired", False),
        ("627", "REFUSED", "failed", False),
        ("631", "REFUSED", "failed", False),
        ("635", "REFUSED", "failed", False),
        ("638", "PENDING", "pending", False),
        ("642", "REFUSED", "failed", False),
        ("660", "", "pending", True),
        ("662", "WAITING_CUSTOMER_PAYMENT", "pending", False),
        ("663", "WAITING_CUSTOMER_OTP_CODE", "pending", False),
        ("664", "PENDING", "pending", True),  # P39
        ("800", "PENDING", "pending", True),
        ("804", "REFUSED", "failed", False),
        ("807", "REFUSED", "failed", False),
        ("00", "REFUSED", "pending", True),  # P37
        ("627", "ACCEPTED", "pending", True),  # P37
        ("999", "ACCEPTED", "pending", True),  # P38
        ("999", "", "pending", True),  # P38
    ],
)
def test_P33_each_code_leads_to_its_state(
    invoice, start, payer, check, code, status, state, is_told
):
    attempt = start(invoice)
    data = f'{{"amount":"118000","currency":"XOF","status":"{status}"}}'
    body = f'{{"code":"{code}","message":"","data":{data}}}'
    payer.fault(kind="reply", on="check", body=body)

    check(attempt)

    attempt.refresh_from_db()
    assert (attempt.state, attempt.last_code) == (state, code)
    assert Anomaly.objects.exists() is is_told
    assert Payment.objects.exists() is (state == "succeeded")


def test_P34_a_wait_that_ends_well_pays(invoice, start, payer, check, now):
    attempt = start(invoice)
    payer.pay(attempt, "01")
    first = check(attempt)

    payer.wait(20)
    second = check(attempt, at=now + 3 * MINUTE)

    assert (first, second) == (Outcome.PENDING, Outcome.CREDITED)


def test_P35_money_that_comes_after_a_refusal_is_honoured(invoice, start, payer, check, now):
    attempt = start(invoice)
    payer.pay(attempt, "13")
    refused = check(attempt)

    payer.wait(60)
    paid = check(attempt, at=now + 2 * MINUTE)

    attempt.refresh_from_db()
    invoice.refresh_from_db()
    assert (refused, paid, attempt.state) == (Outcome.FAILED, Outcome.CREDITED, "succeeded")
    assert invoice.amount_due == 0


def test_P36_a_late_refusal_changes_nothing_and_is_told(invoice, start, payer, check, now):
    attempt = start(invoice)
    payer.pay(attempt)
    check(attempt)
    data = '{"amount":"118000","currency":"XOF","status":"REFUSED"}'
    payer.fault(kind="reply", on="check", body=f'{{"code":"627","message":"","data":{data}}}')

    outcome = check(attempt, at=now + MINUTE)

    attempt.refresh_from_db()
    invoice.refresh_from_db()
    assert (outcome, attempt.state) == (Outcome.CONTRADICTED, "succeeded")
    assert (invoice.amount_paid, Payment.objects.count()) == (118_000, 1)
    assert Anomaly.objects.get().kind == Anomaly.Kind.CONTRADICTION


def test_P36_a_late_wait_is_ignored(invoice, start, payer, check, now):
    attempt = start(invoice)
    payer.pay(attempt)
    check(attempt)
    data = '{"amount":"118000","currency":"XOF","status":"WAITING_FOR_CUSTOMER"}'
    payer.fault(kind="reply", on="check", body=f'{{"code":"623","message":"","data":{data}}}')

    assert check(attempt, at=now + MINUTE) == Outcome.ALREADY_APPLIED

    assert not Anomaly.objects.exists()


def test_a_reversal_at_cinetpay_is_told_to_the_team(invoice, start, payer, check, now):
    attempt = start(invoice)
    payer.pay(attempt)
    check(attempt)
    payer.sandbox.reverse(payer.sandbox.find(attempt.reference).token)

    check(attempt, at=now + MINUTE)

    assert Anomaly.objects.get().kind == Anomaly.Kind.REVERSAL
    assert Payment.objects.get().amount == 118_000


def test_a_reversal_that_cinetpay_notifies_is_asked_about_though_all_was_paid(
    invoice, start, payer, check, deliver, now
):
    attempt = start(invoice)
    payer.pay(attempt)
    check(attempt)
    payer.sandbox.reverse(payer.sandbox.find(attempt.reference).token)

    deliver(payer.notices(attempt)[-1])
    services.work_inbox(at=now + MINUTE)

    assert Anomaly.objects.get().kind == Anomaly.Kind.REVERSAL
    assert Payment.objects.get().amount == 118_000


@pytest.mark.parametrize("data", ["", ',"data":[]', ',"data":null', ',"data":{}'])
def test_P38_an_answer_without_facts_changes_nothing(invoice, start, payer, check, data):
    attempt = start(invoice)
    payer.fault(kind="reply", on="check", body=f'{{"code":"999","message":"?"{data}}}')

    assert check(attempt) == Outcome.NO_NEWS

    attempt.refresh_from_db()
    assert (attempt.state, attempt.checks) == ("pending", 1)
    assert attempt.next_check_at is not None


def test_a_wrong_code_fails_after_a_quarter_of_an_hour(invoice, start, payer, check, now):
    attempt = start(invoice)
    data = '{"amount":"118000","currency":"XOF","status":"WAITING_CUSTOMER_OTP_CODE"}'
    payer.fault(kind="reply", on="check", body=f'{{"code":"604","message":"","data":{data}}}')

    outcomes = [check(attempt), check(attempt, at=now + 15 * MINUTE)]

    assert outcomes == [Outcome.PENDING, Outcome.FAILED]


@pytest.mark.parametrize("kind", ["html", "429", "500", "down", "truncated"])
def test_P40_no_answer_changes_nothing(invoice, start, payer, check, kind):
    attempt = start(invoice)
    payer.fault(kind=kind, on="check")

    with pytest.raises(GatewayError):
        check(attempt)

    attempt.refresh_from_db()
    assert (attempt.state, attempt.events.count()) == ("pending", 1)
    assert not Payment.objects.exists()


def test_P40_the_circuit_opens_after_five_failures_and_closes_later(
    invoice, start, payer, check, now
):
    attempt = start(invoice)
    payer.pay(attempt)
    payer.fault(kind="500", on="check")
    for second in range(0, 50, 10):
        with pytest.raises(GatewayUnavailable):
            check(attempt, at=now + timedelta(seconds=second))
    payer.fault()

    is_open = circuit.is_open("cinetpay", at=now + MINUTE)
    with pytest.raises(GatewayUnavailable, match="left alone"):
        check(attempt, at=now + MINUTE)
    later = check(attempt, at=now + 3 * MINUTE)

    assert is_open
    assert later == Outcome.CREDITED


def test_P41_three_days_without_news_call_a_person_and_fail_nothing(
    invoice, start, payer, now, check
):
    attempt = start(invoice)
    payer.pay(attempt, "06")
    at, last = now, now + 73 * HOUR
    checked = []

    while (due := PaymentAttempt.objects.get().next_check_at) is not None and at < last:
        at = due
        checked.append((at - now).total_seconds())
        services.sweep_payments(at=at)

    attempt.refresh_from_db()
    assert checked[0] == 30
    assert [round(seconds) for seconds in checked[1:4]] == sorted(
        round(seconds) for seconds in checked[1:4]
    )
    assert (attempt.state, attempt.next_check_at) == ("pending", None)
    assert 30 < attempt.checks < 60
    assert Anomaly.objects.get().kind == Anomaly.Kind.STALE
    assert check(attempt, at=at + HOUR, source=AttemptEvent.Source.MANUAL) == Outcome.PENDING


def test_a_check_is_made_at_most_every_five_seconds(invoice, start, check, now):
    attempt = start(invoice)
    check(attempt)

    with pytest.raises(services.checking.TooSoon):
        check(attempt, at=now + timedelta(seconds=4))

    attempt.refresh_from_db()
    assert attempt.checks == 1
    assert check(attempt, at=now + timedelta(seconds=5)) == Outcome.PENDING


def test_the_sweep_finds_what_no_notification_said(invoice, start, payer, now):
    attempt = start(invoice)
    payer.pay(attempt, "12")
    payer.wait(3600)

    early = services.sweep_payments(at=now + timedelta(seconds=29))
    on_time = services.sweep_payments(at=now + timedelta(seconds=30))

    attempt.refresh_from_db()
    assert (payer.notices(attempt), early, on_time) == ([], 0, 1)
    assert attempt.state == "succeeded"


def test_the_sweep_outlives_a_provider_that_stammers(invoice, start, payer, now):
    attempt = start(invoice)
    payer.pay(attempt, "17")
    at = now

    for _turn in range(12):
        at += 20 * MINUTE
        services.sweep_payments(at=at)

    attempt.refresh_from_db()
    assert (attempt.state, Payment.objects.count()) == ("succeeded", 1)


def test_an_answer_that_cannot_be_kept_does_not_stop_the_sweep(
    make_invoice, acme, start, payer, now, monkeypatch
):
    bad = start(make_invoice(acme, "FAC-2026-0801"))
    good = start(make_invoice(acme, "FAC-2026-0802"))
    payer.pay(good)
    genuine = checking.apply_snapshot

    def apply(*, attempt_id, **facts):
        if attempt_id == bad.pk:
            raise DataError("a text that no column takes")
        return genuine(attempt_id=attempt_id, **facts)

    monkeypatch.setattr(checking, "apply_snapshot", apply)
    services.sweep_payments(at=now + timedelta(minutes=1))

    good.refresh_from_db()
    bad.refresh_from_db()
    assert good.state == "succeeded"
    assert now + timedelta(minutes=1) < bad.next_check_at < now + timedelta(minutes=3)
