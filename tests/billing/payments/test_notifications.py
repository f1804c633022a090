"""What CinetPay posts to us: kept, checked for who wrote it, never believed (P19–P28, P58–P60)."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from billing.payments import services
from billing.payments.models import Anomaly, Payment, PaymentAttempt, ProviderNotification
from billing.payments.providers.base import RawWebhook
from billing.payments.sandbox.messages import write_message
from core import rls

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("team")]

PATHS = ["/api/webhooks/cinetpay/", "/api/payments/webhook/"]
FORM = "application/x-www-form-urlencoded"
MINUTE = timedelta(minutes=1)
V5 = (
    b"cpm_site_id=909001&cpm_trans_id=INV7F3K2A05&cpm_trans_date=2026-03-14+10%3A22%3A05"
    b"&cpm_amount=250000&cpm_currency=XOF&signature=b1946ac92492d2347c6235b4d2611184e8a1f0c2"
    b"&payment_method=OM&cel_phone_num=0707070700&cpm_phone_prefixe=225&cpm_language=fr"
    b"&cpm_version=V4&cpm_payment_config=SINGLE&cpm_page_action=PAYMENT&cpm_custom=att_01"
    b"&cpm_designation=Maintenance+ann%C3%A9e+2026&cpm_error_message=SUCCES"
)
V5_TOKEN = "f3e7644d1c226547ad7ffb622f1cbe5c2d39394b3707d6ccb6ab90b5bac8e35e"


@pytest.fixture
def post(client_of):
    """Return a function that posts bytes with a token, and returns the answer."""
    browser = client_of(enforce_csrf_checks=True)

    def send(body, token="", path=PATHS[0], content_type=FORM, **headers):
        return browser.post(
            path, data=body, content_type=content_type, headers={"x-token": token, **headers}
        )

    return send


@pytest.fixture
def told(invoice, start, payer):
    """A paid attempt, with the genuine notification CinetPay owes us."""
    attempt = start(invoice)
    payer.pay(attempt)
    return attempt, payer.notices(attempt)[-1]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("method", ["get", "head"])
def test_P58_a_ping_is_answered_and_leaves_no_trace(client_of, path, method):
    with CaptureQueriesContext(connection) as queries:
        answer = getattr(client_of(), method)(path)

    assert answer.status_code == 200
    assert [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]] == []
    assert not ProviderNotification.objects.exists()


@pytest.mark.parametrize("path", PATHS)
def test_both_addresses_keep_the_bytes_and_the_headers(told, post, path):
    attempt, notice = told

    answer = post(notice.body, notice.headers["x-token"], path=path, **{"user-agent": "CinetPay"})

    row = ProviderNotification.objects.get()
    assert (answer.status_code, answer.content) == (200, b"")
    assert bytes(row.body) == notice.body
    assert (row.reference, row.is_signed, row.state) == (attempt.reference, True, "new")
    assert row.headers["user-agent"] == "CinetPay"
    assert notice.headers["x-token"] not in str(row.headers)


def test_P19_the_published_vector_is_accepted_and_its_forgery_refused(post, payer):
    genuine = post(V5, V5_TOKEN)
    forged = post(V5.replace(b"cpm_amount=250000", b"cpm_amount=25000"), V5_TOKEN)

    assert (genuine.status_code, forged.status_code) == (200, 403)
    assert set(ProviderNotification.objects.values_list("state", "is_signed")) == {
        ("new", True),
        ("rejected", False),
    }


@pytest.mark.parametrize(
    "spoil",
    [lambda t: "", lambda t: t.upper(), lambda t: t[:63], lambda t: "é" * 64, lambda t: "x"],
)
def test_P20_a_token_that_is_not_exactly_right_is_refused(told, post, now, spoil):
    attempt, notice = told

    answer = post(notice.body, spoil(notice.headers["x-token"]))
    services.work_inbox(at=now + MINUTE)

    attempt.refresh_from_db()
    assert answer.status_code == 403
    assert (attempt.state, attempt.checks) == ("pending", 0)
    assert ProviderNotification.objects.get().state == "rejected"


@pytest.mark.parametrize(
    "shifted",
    [
        V5.replace(b"INV7F3K2A05", b"INV7F3K2A052").replace(b"date=2026-", b"date=026-"),
        V5.replace(b"amount=250000", b"amount=250000XOF").replace(b"currency=XOF", b"currency="),
    ],
)
def test_P21_a_shifted_boundary_has_no_effect(post, payer, now, shifted):
    answer = post(shifted, V5_TOKEN)
    services.work_inbox(at=now)

    assert answer.status_code == 403
    assert not Payment.objects.exists()


def test_P22_accented_bytes_are_verified_as_they_came(make_invoice, acme, start, payer, post):
    invoice = make_invoice(acme, "FAC-2026-0077")
    attempt = start(invoice)
    paid = payer.sandbox.find(attempt.reference)
    paid.description = "Refonte « Élan » n°2 — Côte d’Ivoire 🚀"
    message = write_message(paid, payer.sandbox.merchant)

    answer = post(message.body, message.token)

    assert answer.status_code == 200


def test_P24_an_old_genuine_notification_credits_nothing_again(told, post, now, owner_staff):
    _attempt, notice = told
    post(notice.body, notice.headers["x-token"])
    services.work_inbox(at=now + MINUTE)
    payment = Payment.objects.get()
    services.record_refund(
        payment=payment,
        amount=118_000,
        reason="Annulé",
        reference="R-1",
        refunded_on=now.date(),
        actor=owner_staff,
        at=now,
        idempotency_key="refund-1",
    )

    answer = post(notice.body, notice.headers["x-token"])
    services.work_inbox(at=now + 2 * MINUTE)

    row = ProviderNotification.objects.get()
    assert (answer.status_code, row.deliveries) == (200, 2)
    assert Payment.objects.count() == 1
    assert payment.allocations.count() == 2  # the payment and its return


def test_P25_another_merchants_notification_is_refused(told, post, settings):
    _attempt, notice = told
    settings.CINETPAY_SITE_ID = "111111"

    assert post(notice.body, notice.headers["x-token"]).status_code == 403


def test_P26_an_unknown_reference_is_answered_like_a_known_one(told, post, payer, now):
    attempt, notice = told
    known = post(notice.body, notice.headers["x-token"])
    unknown = post(V5, V5_TOKEN)
    for minute in range(20):
        services.work_inbox(at=now + minute * MINUTE)

    assert (known.status_code, known.content) == (unknown.status_code, unknown.content)
    assert PaymentAttempt.objects.get() == attempt
    assert ProviderNotification.objects.get(reference="INV7F3K2A05").state == "ignored"
    anomaly = Anomaly.objects.get()
    assert (anomaly.kind, anomaly.key) == ("unknown", "unknown:cinetpay:INV7F3K2A05")
    assert "INV7F3K2A05" in anomaly.detail


def test_a_notification_earlier_than_its_attempt_is_not_lost(told, post, now):
    attempt, notice = told
    PaymentAttempt.objects.filter(pk=attempt.pk).update(reference="ELSEWHERE0123456")
    post(notice.body, notice.headers["x-token"])
    services.work_inbox(at=now)
    PaymentAttempt.objects.filter(pk=attempt.pk).update(reference=attempt.reference)

    services.work_inbox(at=now + MINUTE)

    attempt.refresh_from_db()
    assert attempt.state == "succeeded"


@pytest.mark.parametrize("missing", ["CINETPAY_SECRET_KEY", "CINETPAY_APIKEY"])
def test_P27_without_keys_every_post_is_refused(told, post, settings, missing):
    setattr(settings, missing, "")
    _attempt, notice = told

    assert post(notice.body, notice.headers["x-token"]).status_code == 403

    assert ProviderNotification.objects.get().state == "rejected"


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"x" * (64 * 1024 + 1), FORM, 413),
        (b"a=" + b"x" * 20_000, FORM, 413),
        (b"&".join(b"f%d=1" % number for number in range(1000)), FORM, 403),
        (b"cpm_trans_id=%00%00&x=\x00", FORM, 403),
        (b'{"cpm_trans_id": "A"}', "application/json", 403),
        (b"", FORM, 403),
        (b"\xff\xfe", "application/octet-stream", 403),
        (b"--x\r\n", "multipart/form-data; boundary=x", 403),
    ],
)
def test_P28_rubbish_is_refused_without_an_error(post, payer, body, content_type, status):
    answer = post(body, "0" * 64, content_type=content_type)

    assert answer.status_code == status


def test_P28_a_flood_of_forgeries_stops_filling_the_journal(post, payer):
    answers = [post(b"n=%d" % number, "0" * 64).status_code for number in range(70)]

    assert answers == [403] * 60 + [429] * 10
    assert ProviderNotification.objects.count() == 60


def test_an_unknown_provider_has_no_address(client_of):
    assert client_of().post("/api/webhooks/paypal/").status_code == 404


def test_the_request_itself_asks_cinetpay_nothing(told, post, payer):
    attempt, notice = told
    payer.server.close()

    answer = post(notice.body, notice.headers["x-token"])
    payer.server.__init__(payer.sandbox)
    payer.server.start()

    attempt.refresh_from_db()
    assert (answer.status_code, attempt.checks) == (200, 0)


def test_a_notification_waits_while_cinetpay_is_down(told, post, payer, now):
    attempt, notice = told
    post(notice.body, notice.headers["x-token"])
    payer.fault(kind="500", on="check")
    services.work_inbox(at=now + timedelta(seconds=5))
    waiting = ProviderNotification.objects.get()
    payer.fault()

    services.work_inbox(at=now + MINUTE)

    attempt.refresh_from_db()
    assert (waiting.state, waiting.tries, waiting.leased_until) == ("new", 1, None)
    assert attempt.state == "succeeded"


def test_P60_no_journal_holds_a_secret_or_a_whole_number(told, post, now, caplog, settings):
    attempt, notice = told
    post(notice.body, notice.headers["x-token"])
    services.work_inbox(at=now + MINUTE)

    kept = str([*attempt.events.values_list("raw", flat=True)])
    attempt.refresh_from_db()
    for text in (kept, caplog.text, attempt.payer_phone):
        for secret in (settings.CINETPAY_APIKEY, settings.CINETPAY_SECRET_KEY, "0707070700"):
            assert secret not in text


def test_a_client_sees_no_event_of_a_provider(told, acme, acme_owner):
    attempt, _notice = told

    with rls.clients(acme.pk):
        seen = attempt.events.model.objects.visible_to(acme_owner)

        assert not seen.exists()


def test_receiving_needs_no_scope(payer, now):
    raw = RawWebhook("POST", {"x-token": V5_TOKEN}, V5, FORM, "196.0.0.1")

    with rls.nobody():
        reception = services.receive_notification(provider="cinetpay", raw=raw, at=now)

    assert reception is services.Reception.KEPT
