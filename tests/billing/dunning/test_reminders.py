"""Reminders: one mail per step and invoice, caught up after missed nights, held while paying."""

from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from billing.dunning import services
from billing.dunning.models import DunningNotice
from billing.invoicing import services as invoicing
from billing.invoicing.models import InvoiceEvent, PayLink
from billing.invoicing.pay_links import url_of
from billing.payments.models import PaymentAttempt
from core.notify.models import Notification, OutgoingMail
from tests.conftest import AT, DUE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("team")]


def send(day):
    return [(each.invoice.number, each.step.key) for each in services.send_reminders(on=day, at=AT)]


def day(offset):
    return DUE + timedelta(days=offset)


@pytest.mark.parametrize(
    ("offset", "sent"),
    [
        (-4, []),
        (-3, [("FAC-2026-0001", "before")]),
        (0, [("FAC-2026-0001", "before")]),
        (1, []),  # a Saturday
        (3, [("FAC-2026-0001", "late")]),
        (40, [("FAC-2026-0001", "second")]),  # no formal notice without a reminder before it
    ],
)
def test_each_day_calls_for_its_step(invoice, offset, sent):
    assert send(day(offset)) == sent


def test_a_step_is_told_once_however_often_the_job_runs(invoice):
    for offset in (-3, -3, -2, -1, 0):
        send(day(offset))

    assert OutgoingMail.objects.count() == 1
    assert [each.step for each in DunningNotice.objects.all()] == ["before"]


def test_each_step_is_told_in_its_turn(invoice):
    sent = [send(day(offset)) for offset in (-3, 0, 3, 4, 7, 10)]

    number = "FAC-2026-0001"
    assert sent == [
        *([(number, "before")], [], [(number, "late")], [], [(number, "second")], []),
    ]


def test_after_missed_nights_only_the_furthest_step_is_told(invoice):
    send(day(5))

    rows = DunningNotice.objects.order_by("pk").values_list("step", "is_sent", "amount_due")
    assert list(rows) == [("before", False, 118_000), ("late", True, 118_000)]
    assert OutgoingMail.objects.count() == 1
    assert send(day(6)) == []


def test_what_is_paid_cancelled_or_a_draft_is_left_alone(acme, invoice, draft, make_invoice):
    cancelled = make_invoice(acme, "FAC-2026-0002")
    invoicing.cancel_invoice(invoice=cancelled, reason="Erreur", on=DUE, at=AT, actor=None)
    invoicing.apply_payment(invoice=invoice, amount=invoice.total, at=AT)

    assert send(day(4)) == []
    assert not DunningNotice.objects.exists()


def test_what_is_partly_paid_is_reminded_of_its_rest(invoice):
    invoicing.apply_payment(invoice=invoice, amount=100_000, at=AT)

    send(day(3))

    text = OutgoingMail.objects.get().text.replace("\u202f", " ").replace("\u00a0", " ")
    assert "18 000 F CFA" in text
    assert DunningNotice.objects.get(step="late").amount_due == 18_000


def test_a_payment_under_way_holds_the_reminder(invoice):
    now = timezone.now()
    attempt = PaymentAttempt.objects.create(
        client=invoice.client,
        invoice=invoice,
        reference="NXESSAI1",
        provider="cinetpay",
        amount=118_000,
        state="pending",
        created_at=now,
    )
    held = send(day(3))
    attempt.state = "failed"
    attempt.save()

    assert held == []
    assert send(day(4)) == [("FAC-2026-0001", "late")]


def test_a_due_date_that_is_near_from_the_start_has_no_reminder_before_it(acme, make_invoice):
    short = invoicing.issue_invoice(
        invoice=make_invoice(acme, due_date=date(2026, 12, 3)),
        on=date(2026, 12, 1),
        at=AT,
        actor=None,
    )

    assert send(date(2026, 12, 1)) == []
    assert send(date(2026, 12, 4)) == [(short.number, "late")]  # a Friday


def test_the_mail_pays_without_an_account_and_the_portal_is_told(invoice, acme_owner):
    send(day(-3))

    mail = OutgoingMail.objects.get()
    (notice,) = Notification.objects.filter(event="invoice_due")
    assert mail.recipients == ["acme@acme.test", "awa@acme.test"]
    assert url_of(PayLink.objects.get()) in mail.text
    assert (notice.user, notice.url) == (acme_owner, "/client/factures/FAC-2026-0001/")
    assert InvoiceEvent.objects.filter(kind="reminded").count() == 1


def test_nobody_to_write_to_writes_nothing_down(make_client, make_invoice):
    make_invoice(make_client("Sans adresse"), "FAC-2026-0004")

    assert send(day(3)) == []
    assert not DunningNotice.objects.exists()


def test_a_step_is_kept_once_and_for_good(invoice):
    send(day(3))

    with pytest.raises(IntegrityError), transaction.atomic():
        DunningNotice.objects.create(
            client=invoice.client,
            invoice=invoice,
            due_date=DUE,
            step="late",
            amount_due=1,
            created_at=AT,
        )
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        DunningNotice.objects.all().delete()


def test_the_command_prints_one_line_for_each_mail(invoice, acme_owner, capsys):
    call_command("send_reminders", "--date", day(3).isoformat(), "--dry-run")
    tried = capsys.readouterr().out.replace("\u202f", " ").replace("\u00a0", " ")
    nothing_sent = not OutgoingMail.objects.exists() and not DunningNotice.objects.exists()
    call_command("send_reminders", "--date", day(3).isoformat())
    done = capsys.readouterr().out.replace("\u202f", " ").replace("\u00a0", " ")

    line = "FAC-2026-0001 late 118 000 F CFA acme@acme.test, awa@acme.test\n"
    assert (tried, done) == (line, line)
    assert nothing_sent
    assert OutgoingMail.objects.count() == 1


@pytest.mark.parametrize(
    ("offset", "words"),
    [
        (4, None),
        (3, "arrive à échéance"),
        (0, "arrive à échéance"),
        (-1, "est en retard"),
    ],
)
def test_the_portal_shows_a_banner_when_an_invoice_falls_due(
    acme, acme_owner, make_invoice, client_of, offset, words
):
    due = timezone.localdate() + timedelta(days=offset)
    draft = make_invoice(acme, due_date=due)
    type(draft).objects.filter(pk=draft.pk).update(
        number="FAC-2026-0009", status="issued", issue_date=date(2026, 1, 1)
    )
    browser = client_of(acme_owner)

    home = browser.get("/client/").content.decode()
    page = browser.get("/client/factures/FAC-2026-0009/").content.decode()

    for text in (home, page):
        for each in ("arrive à échéance :", "est en retard :"):
            told = each.replace(" :", "") == words
            assert (f"La facture FAC-2026-0009 {each}" in text) is told
