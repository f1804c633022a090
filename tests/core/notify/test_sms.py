"""SMS: plain letters, counted parts, the gateway's words, and one message however it goes."""

import pytest
from django.utils import timezone

from core.notify import sms
from core.notify.models import OutgoingText, TextRefusal
from core.notify.sms_sending import deliver_sms, owe_text
from core.notify.sms_text import parts, plain
from tests.core.notify.orange_sms import OrangeServer

PHONE = "+2250700000001"


@pytest.fixture(scope="module")
def server():
    """Run the SMS API of Orange."""
    running = OrangeServer()
    yield running
    running.stop()


@pytest.fixture
def orange(server, settings):
    """Point the site at it, with the keys of its account."""
    server.messages.clear()
    server.forced.clear()
    settings.SMS_BASE_URL = server.url
    settings.SMS_CLIENT_ID, settings.SMS_CLIENT_SECRET = "client", "secret"
    settings.SMS_SENDER = "+2250000"
    return server


def owe(text="Facture échue", phone=PHONE, key="k"):
    return owe_text(channel="sms", key=key, phone=phone, text=text, client_id=None)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("L’échéance est passée", "L'échéance est passée"),
        ("reçu, forêt, Noël, œuvre", "recu, foret, Noel, oeuvre"),
        ("118\u202f000\u00a0F CFA", "118 000 F CFA"),
        ("« Bonjour » — merci…", '" Bonjour " - merci...'),
        ("Prix 5 €", "Prix 5 €"),
        ("Bravo 🎉", "Bravo ?"),
    ],
)
def test_a_text_is_written_in_the_letters_of_telephones(text, written):
    assert plain(text) == written


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("é" * 160, 1),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("ê" * 70, 1),
        ("ê" * 71, 2),
    ],
)
def test_parts_are_counted_as_operators_charge_them(text, count):
    assert parts(text) == count


@pytest.mark.parametrize(
    ("number", "written"),
    [
        ("07 00 00 00 01", PHONE),
        ("+225 07 00 00 00 01", PHONE),
        ("00225 0700000001", PHONE),
        ("+33 6 12 34 56 78", "+33612345678"),
        ("12", ""),
        ("", ""),
        ("pas un numéro", ""),
    ],
)
def test_numbers_are_written_with_their_country(number, written):
    assert sms.international(number) == written


@pytest.mark.django_db
@pytest.mark.usefixtures("team")
def test_an_sms_leaves_once_with_its_reference(orange, do_owed_work):
    owe()
    again = owe()

    do_owed_work()
    text = OutgoingText.objects.get()
    deliver_sms(text_id=text.pk, at=timezone.now())

    assert again is None
    assert orange.messages == [(f"tel:{PHONE}", "Facture échue")]
    assert text.state == "sent" and text.reference.endswith("/requests/1")


@pytest.mark.django_db
@pytest.mark.usefixtures("team")
@pytest.mark.parametrize(
    ("status", "state", "raises"),
    [(503, "failed", True), (429, "failed", True), (400, "void", False), (403, "void", False)],
)
def test_a_gateway_that_refuses_is_tried_again_only_when_it_may_take_it(
    orange, status, state, raises
):
    text = owe()
    orange.forced.append(status)

    if raises:
        with pytest.raises(sms.SmsFailed, match=str(status)):
            deliver_sms(text_id=text.pk, at=timezone.now())
    else:
        deliver_sms(text_id=text.pk, at=timezone.now())

    text.refresh_from_db()
    assert (text.state, orange.messages) == (state, [])
    assert str(status) in text.last_error


@pytest.mark.django_db
@pytest.mark.usefixtures("team")
def test_a_wrong_key_waits_for_somebody_to_mend_it(orange, settings):
    settings.SMS_CLIENT_SECRET = "faux"
    text = owe()

    with pytest.raises(sms.SmsFailed, match="401"):
        deliver_sms(text_id=text.pk, at=timezone.now())

    assert orange.messages == []


@pytest.mark.django_db
@pytest.mark.usefixtures("team")
def test_a_number_that_refused_meanwhile_gets_nothing(orange):
    text = owe()
    TextRefusal.objects.create(phone=PHONE)

    deliver_sms(text_id=text.pk, at=timezone.now())

    text.refresh_from_db()
    assert (text.state, orange.messages) == ("void", [])


@pytest.mark.django_db
@pytest.mark.usefixtures("team")
def test_without_keys_no_sms_is_owed(settings):
    settings.SMS_CLIENT_ID = ""

    assert owe() is None
    assert not OutgoingText.objects.exists()
