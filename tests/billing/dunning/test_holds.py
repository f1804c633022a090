"""What holds an invoice and lets it go, and what a person decides against it."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from billing.dunning import services
from billing.dunning.engine import Hold
from billing.dunning.models import Dispute, DunningNotice, DunningRun, Pause, PaymentPromise
from billing.invoicing import services as invoicing
from core.notify.models import OutgoingMail
from portal.support.models import Ticket
from tests.conftest import AT, DUE, ON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("team")]
MONDAY = DUE + timedelta(days=3)


def held(on=MONDAY):
    return [each.decision.hold for each in services.find_reminders(on=on, at=AT)]


def send(on=MONDAY):
    return [each.step.key for each in services.send_reminders(on=on, at=AT)]


def promise(invoice, day, actor=None, *, is_by_client=False, on=ON):
    return services.promise_payment(
        invoice=invoice, promised_for=day, on=on, at=AT, actor=actor, is_by_client=is_by_client
    )


def test_a_client_contests_with_words_that_become_a_ticket(invoice, acme_owner):
    services.contest_invoice(
        invoice=invoice, reason="Deux maquettes, pas trois.", at=AT, actor=acme_owner
    )

    ticket = Ticket.objects.get()
    assert ticket.subject == "Contestation de la facture FAC-2026-0001"
    assert ticket.messages.get().body == "Deux maquettes, pas trois."
    assert (held(), send()) == ([Hold.DISPUTED], [])


def test_a_dispute_that_is_closed_lets_reminders_leave(invoice, manager):
    dispute = services.open_dispute(invoice=invoice, reason="Prix", at=AT, actor=manager)
    with pytest.raises(services.CannotHold):
        services.open_dispute(invoice=invoice, reason="Encore", at=AT, actor=manager)

    services.close_dispute(dispute=dispute, outcome="Prix confirmé", at=AT, actor=manager)

    assert Dispute.objects.count() == 1
    assert send() == ["late"]


def test_a_promise_holds_until_its_day_has_passed_then_is_broken(invoice, acme_owner):
    made = promise(invoice, MONDAY, acme_owner, is_by_client=True)

    first, held_then = send(), held()
    second = send(MONDAY + timedelta(days=1))

    made.refresh_from_db()
    assert (first, held_then) == ([], [Hold.PROMISED])
    assert (second, made.state) == (["late"], "broken")
    subjects = list(
        OutgoingMail.objects.filter(template="notify/team").values_list("text", flat=True)
    )
    assert any("n’a pas payé la facture FAC-2026-0001" in text for text in subjects)


def test_a_promise_is_kept_when_the_invoice_is_paid_in_time(invoice, acme_owner):
    made = promise(invoice, MONDAY, acme_owner, is_by_client=True)
    invoicing.apply_payment(invoice=invoice, amount=invoice.total, at=AT)

    services.settle_promises(on=MONDAY, at=AT)

    made.refresh_from_db()
    assert made.state == "kept"


@pytest.mark.parametrize(
    ("days", "is_by_client", "words"),
    [
        (-1, True, "est passée"),
        (31, True, "trop loin"),
        (366, False, "trop loin"),
    ],
)
def test_a_promise_that_does_not_fit_is_refused(invoice, acme_owner, days, is_by_client, words):
    with pytest.raises(services.CannotHold, match=words):
        promise(invoice, ON + timedelta(days=days), acme_owner, is_by_client=is_by_client)

    assert not PaymentPromise.objects.exists()


def test_a_client_promises_once_and_the_team_may_note_another(invoice, acme_owner, manager):
    promise(invoice, MONDAY, acme_owner, is_by_client=True)
    with pytest.raises(services.CannotHold, match="déjà donné"):
        promise(invoice, MONDAY, acme_owner, is_by_client=True)

    promise(invoice, MONDAY + timedelta(days=2), manager)

    states = PaymentPromise.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["replaced", "open"]


def test_somebody_who_may_not_pay_promises_nothing(acme, invoice, make_member):
    guest = make_member(acme, "guest")

    with pytest.raises(PermissionDenied):
        promise(invoice, MONDAY, guest, is_by_client=True)
    with pytest.raises(PermissionDenied):
        services.contest_invoice(invoice=invoice, reason="Non", at=AT, actor=guest)

    assert not PaymentPromise.objects.exists() and not Ticket.objects.exists()


@pytest.mark.parametrize("of_client", [True, False])
def test_a_pause_holds_until_its_day(invoice, manager, of_client):
    pause = services.pause_reminders(
        client=invoice.client,
        invoice=None if of_client else invoice,
        until=MONDAY + timedelta(days=1),
        reason="Direction en voyage",
        on=ON,
        at=AT,
        actor=manager,
    )
    paused = held()

    services.end_pause(pause=pause, at=AT, actor=manager)

    assert (paused, held()) == ([Hold.PAUSED], [None])


def test_what_is_skipped_today_is_asked_again_tomorrow(invoice, manager):
    services.skip_today(invoice=invoice, on=MONDAY, at=AT, actor=manager)

    assert (held(), held(MONDAY + timedelta(days=1))) == ([Hold.PAUSED], [None])
    assert Pause.objects.get().until == MONDAY + timedelta(days=1)


def test_a_person_reminds_at_once_on_a_closed_day_once(invoice, manager):
    saturday = DUE + timedelta(days=1)

    said = services.remind_now(invoice=invoice, on=saturday, at=AT, actor=manager)
    again = services.remind_now(invoice=invoice, on=saturday, at=AT, actor=manager)
    with pytest.raises(services.CannotRemind, match="aujourd’hui"):
        services.remind_now(invoice=invoice, on=saturday, at=AT, actor=manager)

    assert (said, again) == ("Première relance", "Relance manuelle")
    rows = DunningNotice.objects.order_by("pk").values_list("step", "is_sent")
    assert list(rows) == [("before", False), ("late", True), ("late-261205", True)]


def test_a_person_does_not_remind_of_what_is_contested_or_paid(invoice, manager):
    dispute = services.open_dispute(invoice=invoice, reason="Prix", at=AT, actor=manager)
    with pytest.raises(services.CannotRemind, match="contestée"):
        services.remind_now(invoice=invoice, on=MONDAY, at=AT, actor=manager)
    services.close_dispute(dispute=dispute, outcome="Ok", at=AT, actor=manager)
    invoicing.apply_payment(invoice=invoice, amount=invoice.total, at=AT)

    with pytest.raises(services.CannotRemind, match="rien à payer"):
        services.remind_now(invoice=invoice, on=MONDAY, at=AT, actor=manager)

    assert not DunningNotice.objects.exists()


def test_what_was_told_for_another_due_date_is_told_again(invoice):
    before = DUE - timedelta(days=28)
    DunningNotice.objects.create(
        client=invoice.client,
        invoice=invoice,
        due_date=before,
        step="late",
        amount_due=1,
        created_at=AT,
    )

    assert send() == ["late"]
    rows = DunningNotice.objects.filter(step="late").order_by("due_date")
    assert [row.due_date for row in rows] == [before, DUE]


def test_each_run_writes_what_it_sent_and_held(invoice, make_invoice, acme, manager):
    other = make_invoice(acme, "FAC-2026-0002")
    services.open_dispute(invoice=other, reason="Prix", at=AT, actor=manager)

    send()

    run = DunningRun.objects.get()
    assert (run.on, run.sent, run.held, run.failed) == (MONDAY, 1, 1, 0)
