"""Whose notifications are taken: anybody's, or those of the addresses in the settings alone."""

import pytest

from billing.payments.checks import webhook_addresses_can_be_read
from billing.payments.models import ProviderNotification

pytestmark = pytest.mark.django_db
WEBHOOK = "/api/webhooks/cinetpay/"


@pytest.mark.parametrize(
    ("allowed", "address", "status"),
    [
        ([], "203.0.113.9", 403),  # from anywhere: refused for its signature, and kept
        (["198.51.100.7"], "203.0.113.9", 403),
        (["198.51.100.7"], "198.51.100.7", 403),
        (["198.51.100.0/24", "2001:db8::/32"], "2001:db8::5", 403),
    ],
)
def test_addresses_that_are_not_allowed_leave_nothing(
    payer, settings, client_of, allowed, address, status
):
    settings.PAYMENT_WEBHOOK_IPS = allowed
    is_heard = not allowed or address != "203.0.113.9"

    response = client_of().post(WEBHOOK, {"cpm_trans_id": "X"}, REMOTE_ADDR=address)

    assert response.status_code == status
    assert ProviderNotification.objects.exists() is is_heard


def test_allowed_addresses_pay_as_before(payer, settings, invoice, start, deliver):
    settings.PAYMENT_WEBHOOK_IPS = ["127.0.0.1"]
    attempt = start(invoice)
    payer.pay(attempt)
    payer.wait(30)

    statuses = deliver(*payer.notices(attempt))

    assert set(statuses) == {200}


@pytest.mark.parametrize(("proxies", "status"), [(0, 403), (1, 200)])
def test_the_address_is_the_one_our_proxies_tell(
    payer, settings, invoice, start, client_of, proxies, status
):
    settings.PAYMENT_WEBHOOK_IPS = ["198.51.100.7"]
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    attempt = start(invoice)
    payer.pay(attempt)
    payer.wait(30)
    notice = payer.notices(attempt)[0]

    response = client_of().post(
        WEBHOOK,
        data=notice.body,
        content_type=notice.headers["Content-Type"],
        headers={
            "x-token": notice.headers.get("x-token", ""),
            "X-Forwarded-For": "203.0.113.1, 198.51.100.7",
        },
    )

    assert response.status_code == status


def test_a_setting_that_cannot_be_read_stops_the_start(settings):
    settings.PAYMENT_WEBHOOK_IPS = ["198.51.100.7", "partout"]

    (error,) = webhook_addresses_can_be_read(None)

    assert error.id == "nourx.E102"


@pytest.mark.parametrize("name", ["cinetpay", "stripe", "wave", "orange-money", "orange"])
def test_P58_each_provider_finds_somebody_home_and_keeps_nothing(name, client_of, db):
    browser = client_of(enforce_csrf_checks=True)

    pings = [browser.get(f"/api/webhooks/{name}/"), browser.head(f"/api/webhooks/{name}/")]

    assert [ping.status_code for ping in pings] == [200, 200]
    assert not ProviderNotification.objects.exists()


@pytest.mark.parametrize("name", ["stripe", "wave", "orange-money"])
def test_P27_a_provider_without_keys_believes_nobody(name, client_of, db):
    browser = client_of(enforce_csrf_checks=True)

    answer = browser.post(f"/api/webhooks/{name}/", b"{}", content_type="application/json")

    assert answer.status_code in (400, 403)
    assert ProviderNotification.objects.get().state == "rejected"
