"""By which ways a step leaves, and what it says there."""

from datetime import timedelta

import pytest

from billing.dunning import services
from billing.dunning.models import DunningNotice
from billing.invoicing import services as invoicing
from core.notify.models import OutgoingMail, OutgoingText, TextRefusal
from core.notify.sms_sending import NotToSend, mark_text_sent
from tests.conftest import AT, DUE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("team")]
MONDAY, WEEK, MONTH = (DUE + timedelta(days=days) for days in (3, 7, 31))


@pytest.fixture
def with_sms(settings):
    """Give the site keys of the SMS gateway; nothing is called until the worker sends."""
    settings.SMS_CLIENT_ID, settings.SMS_CLIENT_SECRET = "id", "secret"
    settings.SMS_SENDER = "+2250000"


@pytest.fixture
def no_pdf(monkeypatch):
    """Have no Pango: drawing is the subject of another test."""
    from core.pdf import PdfUnavailable

    def refuse(*arguments, **options):
        raise PdfUnavailable

    monkeypatch.setattr("billing.dunning.letters.print_html", refuse)


def send(on):
    return [each.step.key for each in services.send_reminders(on=on, at=AT)]


def texts():
    return list(OutgoingText.objects.order_by("pk").values_list("channel", "phone"))


@pytest.mark.parametrize(
    ("channel", "found"),
    [
        ("sms", [("sms", "+2250700000001")]),
        ("whatsapp", [("whatsapp", "+2250700000001")]),
        ("email", []),
        ("phone", []),
    ],
)
def test_a_person_is_told_by_the_way_they_prefer(
    acme, invoice, make_member, with_sms, channel, found
):
    make_member(
        acme, "owner", email="awa@acme.test", phone="07 00 00 00 01", preferred_channel=channel
    )

    send(MONDAY)

    assert texts() == found
    assert OutgoingMail.objects.filter(template="invoicing/reminder_late").count() == 1


def test_without_an_account_the_house_is_told_on_its_own_number(
    make_client, make_invoice, with_sms
):
    make_invoice(make_client("Sans compte", phone="+225 27 20 00 00 00"), "FAC-2026-0007")

    send(MONDAY)

    notice = DunningNotice.objects.get(is_sent=True)
    text = OutgoingText.objects.get()
    assert (texts(), notice.channels) == ([("sms", "+2252720000000")], ["sms"])
    assert text.segments == 1 and len(text.text) <= 160
    assert text.text.startswith("NOURX") and "/payer/" in text.text


def test_without_a_gateway_no_sms_is_owed(make_client, make_invoice):
    make_invoice(make_client("Sans compte", phone="+225 27 20 00 00 00"), "FAC-2026-0007")

    send(MONDAY)

    assert texts() == [("whatsapp", "+2252720000000")]


def test_a_number_that_refuses_gets_no_sms(make_client, make_invoice, with_sms):
    TextRefusal.objects.create(phone="+2252720000000")
    make_invoice(
        make_client("Refus", phone="27 20 00 00 00", email="r@refus.test"), "FAC-2026-0007"
    )

    send(MONDAY)

    assert texts() == []


def test_a_whatsapp_message_is_sent_by_the_hand_that_opens_it(acme, invoice, make_member, manager):
    make_member(acme, "owner", phone="07 00 00 00 01", preferred_channel="whatsapp")
    send(MONDAY)
    text = OutgoingText.objects.get()

    first = mark_text_sent(text=text, actor=manager, at=AT)
    again = mark_text_sent(text=text, actor=None, at=AT + timedelta(hours=1))

    assert (first.state, again.sent_by, again.sent_at) == ("sent", manager, AT)


def test_an_sms_is_not_marked_sent_by_hand(invoice, manager):
    text = OutgoingText.objects.create(key="k", channel="sms", phone="+2250700000001", text="Oui")

    with pytest.raises(NotToSend):
        mark_text_sent(text=text, actor=manager, at=AT)


def test_the_second_reminder_leaves_once_its_letter_was_tried(invoice, no_pdf, do_owed_work):
    send(MONDAY)
    send(WEEK)
    waits = OutgoingMail.objects.filter(template="dunning/step").exists()

    do_owed_work()
    do_owed_work()

    mail = OutgoingMail.objects.get(template="dunning/step")
    text = mail.text.replace("\u202f", " ").replace("\u00a0", " ")
    assert waits is False
    assert mail.subject.startswith("Deuxième relance : facture FAC-2026-0001, 118")
    assert "reste à régler à hauteur de 118 000 F CFA" in text
    assert "{{" not in text


def test_what_is_paid_before_the_letter_is_drawn_gets_no_mail(invoice, no_pdf, do_owed_work):
    send(MONDAY)
    send(WEEK)
    invoicing.apply_payment(invoice=invoice, amount=invoice.total, at=AT)

    do_owed_work()

    assert not OutgoingMail.objects.filter(template="dunning/step").exists()


def test_a_formal_notice_copies_our_lead(acme, invoice, manager, no_pdf, do_owed_work):
    type(acme).objects.filter(pk=acme.pk).update(lead=manager)
    for day in (MONDAY, WEEK, MONTH):
        services.send_reminders(on=day, at=AT.replace(month=day.month, day=day.day, year=day.year))

    do_owed_work()

    formal = OutgoingMail.objects.filter(subject__startswith="Mise en demeure").order_by("pk")
    assert [mail.recipients for mail in formal] == [["acme@acme.test"], ["gestion@nourx.test"]]


def test_what_is_only_withheld_asks_for_the_certificate(acme, make_invoice):
    invoice = make_invoice(acme, "FAC-2026-0003", total_withheld=8_000)
    invoicing.apply_payment(invoice=invoice, amount=110_000, at=AT)

    before, after = send(WEEK), send(MONTH)

    mail = OutgoingMail.objects.get()
    assert (before, after, mail.template) == ([], ["withheld"], "dunning/withheld")
    assert "8 000 F CFA" in mail.text.replace("\u202f", " ").replace("\u00a0", " ")
