"""Notices on devices: sent over real HTTPS, signed, readable by the browser alone."""

import base64
import json
from datetime import time

import http_ece
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.urls import reverse
from django.utils import timezone
from py_vapid import Vapid02

from core import rls
from core.accounts.models import Membership
from core.accounts.services import remove_member
from core.notify import push
from core.notify.management.commands.make_push_keys import make_keys
from core.notify.models import DeliveryWishes, NotificationPreference, PushSubscription
from core.outbox.models import OwedWork
from core.outbox.services import do
from tests.core.notify import push_service

SECRET = b"0123456789abcdef"


def text(raw):
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


@pytest.fixture
def browser_key():
    return ec.generate_private_key(ec.SECP256R1())


@pytest.fixture
def p256dh(browser_key):
    return text(
        browser_key.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
    )


@pytest.fixture
def service(tmp_path, settings, monkeypatch):
    """A push service that our server trusts, and a site with keys."""
    settings.VAPID_PUBLIC_KEY, settings.VAPID_PRIVATE_KEY = make_keys()
    settings.VAPID_SUBJECT = "mailto:contact@nourx.test"
    with push_service.running(tmp_path) as found:
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "cert.pem"))
        settings.PUSH_HOSTS = [found.host]
        yield found


@pytest.fixture
def device(service, acme_owner, p256dh):
    return PushSubscription.objects.create(
        user=acme_owner,
        endpoint=service.endpoint(),
        p256dh=p256dh,
        auth=text(SECRET),
        device="Chrome · Android",
    )


@pytest.fixture
def send(team):
    """Return a function that does the owed pushes that are due."""

    def work():
        for row in OwedWork.objects.filter(topic="push", state="owed"):
            do(row.pk, at=timezone.now())

    return work


def claims_of(header):
    token = header.split("t=")[1].split(",")[0]
    part = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def test_a_device_gets_the_words_and_the_address_and_no_more(
    service, device, browser_key, acme_owner, tell, send
):
    tell(acme_owner, detail="Le contenu, que l’écran verrouillé ne montre pas")
    send()

    [(path, headers, body)] = service.received
    opened = http_ece.decrypt(
        body, private_key=browser_key, auth_secret=SECRET, version="aes128gcm"
    )
    assert path == "/send/one"
    assert json.loads(opened) == {"text": "Document 1", "url": "/client/documents/1/"}
    assert b"Document" not in body
    assert headers["Content-Encoding"] == "aes128gcm"
    assert headers["TTL"] == "86400"
    assert headers["Urgency"] == "normal"


def test_a_message_is_signed_for_this_service_and_for_hours(
    service, device, acme_owner, tell, send, settings
):
    tell(acme_owner)
    send()

    authorization = service.received[0][1]["Authorization"]
    claims = claims_of(authorization)
    assert Vapid02.verify(authorization)
    assert authorization.endswith(f"k={settings.VAPID_PUBLIC_KEY}")
    assert claims["aud"] == f"https://{service.host}"
    assert claims["sub"] == "mailto:contact@nourx.test"
    assert 0 < claims["exp"] - timezone.now().timestamp() <= 12 * 3600


def test_each_device_is_told_once(service, device, acme_owner, p256dh, tell, send):
    PushSubscription.objects.create(
        user=acme_owner, endpoint=service.endpoint("two"), p256dh=p256dh, auth=text(SECRET)
    )

    tell(acme_owner)
    tell(acme_owner)
    send()
    send()

    assert sorted(path for path, _headers, _body in service.received) == ["/send/one", "/send/two"]


@pytest.mark.parametrize("status", [404, 410])
def test_a_device_that_is_gone_is_forgotten(status, service, device, acme_owner, tell, send):
    service.status = status

    tell(acme_owner)
    send()

    assert not PushSubscription.objects.exists()
    assert OwedWork.objects.get(topic="push").state == OwedWork.State.DONE


@pytest.mark.parametrize("status", [302, 400, 403, 429, 500])
def test_what_the_service_refuses_is_tried_again(status, service, device, acme_owner, tell, team):
    service.status = status
    service.location = f"https://{service.host}/elsewhere"
    tell(acme_owner)
    work = OwedWork.objects.get(topic="push")

    with pytest.raises(push.PushFailed):
        do(work.pk, at=timezone.now())

    work.refresh_from_db()
    assert (work.state, work.tries, work.last_error) == ("owed", 1, f"PushFailed: HTTP {status}")
    assert len(service.received) == 1  # no redirection is followed
    assert PushSubscription.objects.count() == 1


def test_a_service_that_does_not_answer_is_tried_again(device, acme_owner, tell, team, settings):
    PushSubscription.objects.update(endpoint="https://127.0.0.1:1/x")
    settings.PUSH_HOSTS = ["127.0.0.1:1"]
    tell(acme_owner)

    with pytest.raises(push.PushFailed):
        do(OwedWork.objects.get(topic="push").pk, at=timezone.now())

    assert PushSubscription.objects.count() == 1


def test_an_address_that_is_no_longer_allowed_is_not_called(
    service, device, acme_owner, tell, send, settings
):
    settings.PUSH_HOSTS = ["fcm.googleapis.com"]

    tell(acme_owner)
    send()

    assert service.received == []
    assert not PushSubscription.objects.exists()


def test_who_may_not_read_any_more_is_not_told(service, device, acme_owner, tell, send):
    tell(acme_owner)
    remove_member(membership=Membership.objects.get(user=acme_owner), actor=None)

    send()

    assert service.received == []


def test_a_device_that_changed_hands_is_not_told_the_former_news(
    service, device, acme_owner, rival_owner, tell, send
):
    tell(acme_owner)
    PushSubscription.objects.update(user=rival_owner)

    send()

    assert service.received == []


def test_who_switched_the_channel_off_is_not_told(service, device, acme_owner, tell, send):
    NotificationPreference.objects.create(
        user=acme_owner, event="document_shared", channel="push", is_on=False
    )

    tell(acme_owner)
    send()

    assert service.received == []


def test_a_device_does_not_buzz_in_quiet_hours(service, device, acme_owner, tell, send):
    DeliveryWishes.objects.create(user=acme_owner, quiet_from=time(0), quiet_to=time(23, 59, 59))

    tell(acme_owner)
    send()

    assert service.received == []
    assert OwedWork.objects.get(topic="push").next_try_at > timezone.now()


def test_nothing_is_owed_without_keys(acme_owner, p256dh, tell, team):
    PushSubscription.objects.create(
        user=acme_owner, endpoint="https://fcm.googleapis.com/x", p256dh=p256dh, auth=text(SECRET)
    )

    tell(acme_owner)

    assert not OwedWork.objects.filter(topic="push").exists()


AUTH = text(SECRET)


# --- Adding and taking away ------------------------------------------------------------------


def ask(client_of, person, endpoint, p256dh, auth=AUTH):
    page = {"endpoint": endpoint, "p256dh": p256dh, "auth": auth, "device": "Firefox · Linux"}
    return client_of(person).post(reverse("add_push_device"), page)


def test_a_browser_asks_to_be_told(service, acme_owner, p256dh, client_of):
    answer = ask(client_of, acme_owner, service.endpoint(), p256dh)

    found = PushSubscription.objects.get()
    assert answer.status_code == 204
    assert (found.user, found.endpoint, found.device) == (
        acme_owner,
        service.endpoint(),
        "Firefox · Linux",
    )


def test_the_same_browser_belongs_to_who_asked_last(
    service, device, rival_owner, p256dh, client_of
):
    ask(client_of, rival_owner, service.endpoint(), p256dh)

    assert PushSubscription.objects.get().user == rival_owner


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://fcm.googleapis.com/x",
        "https://169.254.169.254/latest/meta-data/",
        "https://127.0.0.1/x",
        "https://localhost/x",
        "https://fcm.googleapis.com:8443/x",
        "https://fcm.googleapis.com@10.0.0.1/x",
        "https://user:pass@web.push.apple.com/x",
        "https://10.0.0.1/.push.apple.com",
        "https://evilpush.apple.com.test/x",
        "https://x@a.push.apple.com/x",
        "https://[::1]/x",
        "https://[/x",
        "https://127.0.0.1\\.push.apple.com/x",
        "https://127.0.0.1:8443\\.push.apple.com/x",
        "https://127.0.0.1%5c.push.apple.com/x",
        "https://127.0.0.1\t.push.apple.com/x",
        "https://127.0.0.1:1.push.apple.com/x",
        "https://fcm.googleapis.com/x y",
        "ftp://fcm.googleapis.com/x",
        "",
    ],
)
def test_an_address_that_is_no_push_service_is_refused(
    endpoint, acme_owner, p256dh, client_of, settings
):
    settings.VAPID_PUBLIC_KEY, settings.VAPID_PRIVATE_KEY = make_keys()

    answer = ask(client_of, acme_owner, endpoint, p256dh)

    assert answer.status_code == 422
    assert not PushSubscription.objects.exists()


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://fcm.googleapis.com/fcm/send/abc",
        "https://updates.push.services.mozilla.com/wpush/v2/abc",
        "https://web.push.apple.com/abc",
        "https://db5p.notify.windows.com/w/?token=abc",
    ],
)
def test_the_push_services_of_browsers_are_known(endpoint):
    push.check_endpoint(endpoint)


@pytest.mark.parametrize(
    ("key", "secret"), [("AAAA", text(SECRET)), ("é", text(SECRET)), (None, "AAAA"), (None, "")]
)
def test_keys_that_are_none_are_refused(key, secret, service, acme_owner, p256dh, client_of):
    answer = ask(client_of, acme_owner, service.endpoint(), key or p256dh, secret)

    assert answer.status_code == 422
    assert not PushSubscription.objects.exists()


def test_the_eleventh_device_pushes_the_oldest_out(service, acme_owner, p256dh, client_of):
    for number in range(11):
        ask(client_of, acme_owner, service.endpoint(str(number)), p256dh)

    kept = set(PushSubscription.objects.values_list("endpoint", flat=True))
    assert kept == {service.endpoint(str(number)) for number in range(1, 11)}


def test_a_person_takes_a_device_away(device, acme_owner, client_of):
    answer = client_of(acme_owner).post(reverse("remove_push_device", args=[device.pk]))

    assert answer.status_code == 302
    assert not PushSubscription.objects.exists()


def test_nobody_takes_the_device_of_another_away(device, rival_owner, client_of):
    answer = client_of(rival_owner).post(reverse("remove_push_device", args=[device.pk]))

    assert answer.status_code == 404
    assert PushSubscription.objects.count() == 1


def test_the_address_does_not_exist_without_keys(acme_owner, p256dh, client_of):
    answer = ask(client_of, acme_owner, "https://fcm.googleapis.com/x", p256dh)

    assert answer.status_code == 404
    assert not PushSubscription.objects.exists()


def test_a_client_who_acts_owes_the_pushes_of_colleagues(
    service, device, acme, acme_owner, make_member, tell
):
    with rls.clients(acme.pk):
        tell(acme_owner, actor=make_member(acme, "owner"))

    assert OwedWork.objects.get(topic="push").client_id == acme.pk
