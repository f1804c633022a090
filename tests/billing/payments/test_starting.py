"""Opening a payment page (P15, P16, P31, P42–P48), and what stands in the way."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from billing.invoicing.services import cancel_invoice
from billing.payments import gateways, services
from billing.payments.amounts import Limits, WrongAmount
from billing.payments.models import Anomaly, AttemptEvent, Payment, PaymentAttempt
from billing.payments.references import new_reference
from billing.payments.services import CannotPay, NotPayable, PaymentUnavailable

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("team")]

SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)
LIMITS = Limits(least=100, most=1_500_000, step=5, currency="XOF")


def test_a_payment_page_is_opened_for_the_whole_due(invoice, start, payer, acme_owner, now):
    attempt = start(invoice)

    sent = payer.sandbox.find(attempt.reference)
    assert (attempt.state, attempt.amount, attempt.channel) == ("pending", 118_000, "mtn")
    assert attempt.redirect_url.startswith(payer.server.url + "/payment/")
    assert (attempt.started_by, attempt.is_test) == (acme_owner, True)
    assert attempt.next_check_at == now + 30 * SECOND
    assert (sent.amount, sent.currency, sent.channels) == (118_000, "XOF", "MOBILE_MONEY")


@pytest.mark.parametrize(
    ("due", "wanted", "asked"),
    [
        (11_799, None, 11_795),  # P15
        (118_000, None, 118_000),
        (118_000, 35_400, 35_400),
        (100, None, 100),
        (1_500_004, None, 1_500_000),
        (11_799, 11_795, 11_795),
        (11_799, 11_695, 11_695),
    ],
)
def test_P15_what_is_asked_is_a_multiple_of_five_and_never_above_the_due(due, wanted, asked):
    assert LIMITS.choose(due, wanted) == asked


@pytest.mark.parametrize(
    ("due", "wanted"),
    [
        (99, None),
        (1_500_005, None),  # P16
        (118_000, 95),
        (118_000, 1_001),
        (118_000, 118_005),
        (118_000, -100),
        (118_000, 0),
        (118_000, 117_950),  # 50 F would stay, which nobody could pay
        (4_000_000, 1_500_005),
    ],
)
def test_P16_an_amount_outside_the_limits_is_refused(due, wanted):
    with pytest.raises(WrongAmount):
        LIMITS.choose(due, wanted)


@pytest.mark.parametrize(
    ("due", "largest"),
    [
        (4_000_000, 1_500_000),
        (1_500_050, 1_499_950),
        (11_799, 11_795),
        (99, 0),
        (1_500_004, 1_500_000),
    ],
)
def test_the_largest_payment_leaves_a_rest_that_can_be_paid(due, largest):
    assert LIMITS.largest(due) == largest


def test_P16_an_invoice_above_the_ceiling_asks_nothing_of_the_provider(
    make_invoice, acme, start, payer
):
    invoice = make_invoice(acme, "FAC-2026-0002", net=4_000_000, vat=0)

    with pytest.raises(CannotPay, match="plusieurs fois"):
        start(invoice)

    assert not PaymentAttempt.objects.exists()
    assert payer.sandbox.list_payments() == []


def test_P42_a_second_click_resumes_the_same_page(invoice, start, payer, now):
    first = start(invoice, key="a" * 32)

    same_form = start(invoice, key="a" * 32, at=now + SECOND)
    other_tab = start(invoice, key="b" * 32, at=now + 2 * SECOND)

    assert first == same_form == other_tab
    assert len(payer.sandbox.list_payments()) == 1


def test_a_page_of_yesterday_gives_way_to_a_new_one(invoice, start, payer, now):
    first = start(invoice)

    second = start(invoice, at=now + 24 * HOUR)

    first.refresh_from_db()
    assert first != second
    assert (first.state, second.state) == ("expired", "pending")
    assert first.next_check_at is not None  # its money would still be honoured


def test_another_way_to_pay_gives_a_new_page(invoice, start, now):
    first = start(invoice, channel="mtn")

    second = start(invoice, channel="wave", at=now + SECOND)

    first.refresh_from_db()
    assert (first.state, second.state, second.channel) == ("expired", "pending", "wave")


@pytest.mark.parametrize("change", [{"channel": "wave"}, {"amount": 50_000}])
def test_a_form_gone_back_to_and_changed_is_a_new_try(invoice, start, now, change):
    """Safari keeps the page, its key included, behind the payment page."""
    first = start(invoice, key="a" * 32)

    second = start(invoice, key="a" * 32, at=now + SECOND, **change)

    first.refresh_from_db()
    assert (first.state, second.state) == ("expired", "pending")
    assert {"channel": second.channel, "amount": second.amount}.items() >= change.items()


def test_a_form_sent_again_after_a_failure_is_a_new_try(invoice, start, payer, check, now):
    first = start(invoice, key="a" * 32)
    payer.pay(first, "03")
    check(first)

    second = start(invoice, key="a" * 32, at=now + SECOND)

    assert (first != second, second.state) == (True, "pending")


def test_a_paid_invoice_is_not_paid_again(make_invoice, acme, start, payer):
    invoice = make_invoice(acme, "FAC-2026-0005", amount_paid=118_000)

    with pytest.raises(NotPayable, match="déjà réglée"):
        start(invoice)

    assert not PaymentAttempt.objects.exists()
    assert payer.sandbox.list_payments() == []


def test_a_cancelled_invoice_is_not_paid(invoice, start, payer, now):
    cancel_invoice(invoice=invoice, reason="Doublon", on=now.date(), at=now, actor=None)

    with pytest.raises(NotPayable, match="annulée"):
        start(invoice)

    assert not PaymentAttempt.objects.exists()
    assert payer.sandbox.list_payments() == []


def test_a_draft_is_not_paid(draft, start, payer):
    with pytest.raises(NotPayable, match="pas encore émise"):
        start(draft)

    assert payer.sandbox.list_payments() == []


def test_an_unknown_channel_is_refused(invoice, start):
    with pytest.raises(CannotPay, match="Choisissez"):
        start(invoice, channel="bitcoin")

    assert not PaymentAttempt.objects.exists()


def test_P43_a_start_without_answer_is_closed_but_still_asked_about(
    invoice, start, payer, check, now
):
    payer.fault(kind="500", on="start")

    with pytest.raises(PaymentUnavailable, match="ne répond pas"):
        start(invoice)

    first = PaymentAttempt.objects.get()
    payer.fault()
    second = start(invoice, at=now + SECOND)
    assert (first.state, first.next_check_at) == ("expired", now + 30 * SECOND)
    assert second.reference != first.reference


def test_P43_money_on_a_page_we_never_heard_of_is_credited(invoice, start, payer, check, now):
    payer.fault(kind="500", on="start")
    with pytest.raises(PaymentUnavailable):
        start(invoice)
    lost = PaymentAttempt.objects.get()
    data = '{"amount":"118000","currency":"XOF","status":"ACCEPTED"}'
    payer.fault(kind="reply", on="check", body=f'{{"code":"00","message":"","data":{data}}}')

    services.sweep_payments(at=now + 30 * SECOND)

    lost.refresh_from_db()
    invoice.refresh_from_db()
    assert (lost.state, invoice.amount_due) == ("succeeded", 0)


@pytest.mark.parametrize(
    ("code", "words", "is_off"),
    [
        ("608", "n’a pas pu être préparé", False),
        ("609", "momentanément indisponible", True),
        ("613", "momentanément indisponible", True),
        ("624", "momentanément indisponible", True),
        ("429", "ne répond pas", True),
    ],
)
def test_P44_a_refused_start_reads_in_french_and_leaves_nothing_open(
    invoice, start, payer, now, code, words, is_off
):
    payer.fault(kind="reply", on="start", body=f'{{"code":"{code}","message":"NO"}}')

    with pytest.raises(PaymentUnavailable, match=words):
        start(invoice)

    attempt = PaymentAttempt.objects.get()
    assert (attempt.state, attempt.redirect_url) == ("failed", "")
    assert gateways.is_available("cinetpay", at=now) is not is_off
    assert Anomaly.objects.exists() is (code != "429")


def test_P45_a_page_on_another_host_is_refused(invoice, start, payer):
    data = '{"payment_token":"x","payment_url":"https://evil.example/pay"}'
    payer.fault(kind="reply", on="start", body=f'{{"code":"201","message":"","data":{data}}}')

    with pytest.raises(PaymentUnavailable):
        start(invoice)

    attempt = PaymentAttempt.objects.get()
    assert (attempt.is_live, attempt.redirect_url) == (False, "")
    assert Anomaly.objects.get().kind == Anomaly.Kind.CONFIGURATION


def test_P46_money_for_an_amount_now_above_the_due_is_shared_out(
    invoice, acme, start, payer, check, owner_staff, now
):
    attempt = start(invoice)
    services.record_payment(
        client=acme,
        invoice=invoice,
        amount=100_000,
        method="transfer",
        reference="VIR-1",
        received_on=now.date(),
        actor=owner_staff,
        at=now,
    )
    payer.pay(attempt)

    check(attempt)

    invoice.refresh_from_db()
    online = Payment.objects.get(attempt=attempt)
    assert invoice.amount_due == 0
    assert (online.amount, online.amount_unallocated) == (118_000, 100_000)


def test_P47_card_fields_leave_only_when_all_are_known(invoice, acme, acme_owner, start, payer):
    bare = payer.sandbox.find(start(invoice).reference)
    acme.address, acme.phone = "Zone 4, Marcory", "+2250707070700"
    acme.save()

    full = payer.sandbox.find(start(invoice, channel="card").reference)

    assert "customer_zip_code" not in bare.customer
    assert full.customer["customer_address"] == "Zone 4, Marcory"


def test_P48_ten_thousand_references_are_unique_and_well_formed():
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _number: new_reference(), range(10_000)))

    assert len(set(made)) == 10_000
    assert all(re.fullmatch(r"[A-Z0-9]{8,20}", reference) for reference in made)


def test_an_attempt_cut_off_before_its_page_gives_way_after_ten_seconds(invoice, start, now):
    cut_off = PaymentAttempt.objects.create(
        client=invoice.client,
        invoice=invoice,
        reference="CUTOFF0123456789",
        provider="cinetpay",
        amount=118_000,
        created_at=now,
    )

    with pytest.raises(NotPayable, match="Patientez"):
        start(invoice, at=now + 9 * SECOND)
    second = start(invoice, at=now + 10 * SECOND)

    cut_off.refresh_from_db()
    assert (cut_off.state, second.state) == ("expired", "pending")


def test_what_the_provider_said_at_the_start_is_kept_without_its_secrets(invoice, start):
    attempt = start(invoice)

    event = attempt.events.get()
    assert (event.source, event.outcome) == (AttemptEvent.Source.START, "opened")
    assert event.raw["code"] == "201"
    for secret in ("sandbox.0001", attempt.provider_token):
        assert secret not in str(event.raw)
