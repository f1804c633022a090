"""The connection dies before each statement of each path; the money comes right all the same."""

from datetime import timedelta

import pytest
from django.utils import timezone

from billing.payments import queries, services
from billing.payments.models import Payment, PaymentAttempt, Receipt
from billing.payments.providers.base import RawWebhook
from billing.payments.services.ledger import RECEIPT_TOPIC
from core import rls
from core.notify.models import OutgoingMail
from core.outbox import services as outbox
from core.outbox.models import OwedWork
from tests.billing.payments.crash import dying_at

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("team")]

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
MOST_STATEMENTS = 120


class Journey:
    """One invoice from the click to the receipt, step by step; each step may be run again."""

    def __init__(self, invoice, payer, actor, at):
        self.invoice, self.payer, self.actor, self.at = invoice, payer, actor, at

    @property
    def attempt(self):
        return self.invoice.attempts.order_by("-pk").first()

    def start(self):
        with rls.clients(self.invoice.client_id):
            services.start_attempt(
                invoice=self.invoice,
                amount=None,
                channel="mtn",
                actor=self.actor,
                idempotency_key="",
                at=self.at,
            )

    def pay(self):
        self.payer.pay(self.attempt)

    def receive(self):
        notice = self.payer.notices(self.attempt)[-1]
        headers = {"x-token": notice.headers["x-token"]}
        raw = RawWebhook("POST", headers, notice.body, notice.headers["Content-Type"], "127.0.0.1")
        services.receive_notification(provider="cinetpay", raw=raw, at=self.at)

    def work(self):
        services.work_inbox(at=self.at + MINUTE)

    def sweep(self):
        services.sweep_payments(at=self.at + MINUTE)

    def settle(self):
        services.check_attempt(attempt_id=self.attempt.pk, source="check", at=self.at + MINUTE)

    def draw(self):
        work = OwedWork.objects.get(topic=RECEIPT_TOPIC, state=OwedWork.State.OWED)
        outbox.do(work.pk, at=timezone.now() + HOUR)

    def recover(self):
        """Do what people and the beat would do next: click again if need be, sweep."""
        later = self.at + 2 * HOUR
        services.work_inbox(at=later)
        services.sweep_payments(at=later)
        self.invoice.refresh_from_db()
        if self.invoice.amount_due:
            self.at = later + MINUTE
            self.start()
            self.pay()
            self.settle()

    def finish_mail(self):
        """Do what is still owed, as the beat does, as often as it takes."""
        for turn in range(1, 4):
            moment = timezone.now() + turn * 12 * HOUR
            for work_id in outbox.due(moment):
                outbox.do(work_id, at=moment)


PATHS = {
    "start": ([], "start"),
    "receive": (["start", "pay"], "receive"),
    "work": (["start", "pay", "receive"], "work"),
    "sweep": (["start", "pay"], "sweep"),
    "settle": (["start", "pay"], "settle"),
}


@pytest.mark.parametrize("path", PATHS)
def test_a_connection_lost_anywhere_costs_time_and_no_money(
    make_invoice, acme, acme_owner, payer, now, path
):
    before, crashing = PATHS[path]
    points = 0

    for statement in range(MOST_STATEMENTS):
        invoice = make_invoice(acme, f"FAC-2026-{statement + 1:04}")
        journey = Journey(invoice, payer, acme_owner, now + statement * 4 * HOUR)
        for step in before:
            getattr(journey, step)()
        with dying_at(statement) as fuse:
            getattr(journey, crashing)()
        if not fuse.has_blown:
            break
        points += 1
        journey.recover()
        paid_exactly_once(invoice)

    assert points >= 3
    assert not fuse.has_blown
    assert queries.find_differences() == []


def test_a_connection_lost_while_the_receipt_is_drawn_costs_no_mail(
    make_invoice, acme, acme_owner, payer, now
):
    for statement in range(0, MOST_STATEMENTS, 5):
        invoice = make_invoice(acme, f"FAC-2026-{statement + 1:04}")
        journey = Journey(invoice, payer, acme_owner, now + statement * 4 * HOUR)
        for step in (journey.start, journey.pay, journey.settle):
            step()
        with dying_at(statement) as fuse:
            journey.draw()
        if not fuse.has_blown:
            break
        journey.finish_mail()
        paid_exactly_once(invoice)
        receipt = Receipt.objects.get(payment__allocations__invoice=invoice)
        mail = OutgoingMail.objects.get(key=f"receipt:{receipt.pk}")
        assert (mail.state, bool(receipt.pdf_id)) == (OutgoingMail.State.SENT, True)

    assert statement >= 10


def paid_exactly_once(invoice):
    invoice.refresh_from_db()
    payment = Payment.objects.get(allocations__invoice=invoice)
    assert invoice.amount_due == 0
    assert Receipt.objects.filter(payment=payment).count() == 1
    assert OwedWork.objects.filter(key=f"receipt:{payment.pk}").count() == 1
    assert not PaymentAttempt.objects.filter(invoice=invoice, state="created").exists()
