"""Money is credited once, in full, or not at all (P01, P02, P08, P09, P11–P17)."""

from datetime import timedelta

import pytest

from billing.invoicing.models import Invoice
from billing.payments import services
from billing.payments.models import Allocation, Anomaly, Payment, PaymentAttempt, Receipt
from billing.payments.services import Outcome

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("team")]


def test_P01_a_paid_notification_credits_the_invoice_once(
    invoice, start, payer, deliver, now, do_owed_work
):
    attempt = start(invoice)
    payer.pay(attempt)

    answers = deliver(*payer.notices(attempt))
    services.work_inbox(at=now + timedelta(minutes=1))

    invoice.refresh_from_db()
    payment = Payment.objects.get()
    assert set(answers) == {200}
    assert (invoice.amount_paid, invoice.amount_due) == (118_000, 0)
    assert (payment.amount, payment.amount_unallocated, payment.attempt) == (118_000, 0, attempt)
    assert payment.receipt.number.endswith("-0001")
    mails = do_owed_work()
    assert [mail.to for mail in mails if "Paiement reçu" in mail.subject] == [
        ["acme@acme.test", "awa@acme.test"]
    ]


def test_P02_the_same_notification_five_times_is_one_payment_and_one_mail(
    invoice, start, payer, deliver, now, do_owed_work
):
    attempt = start(invoice)
    payer.pay(attempt)
    notice = payer.notices(attempt)[-1]

    answers = deliver(*[notice] * 5)
    for minute in range(5):
        services.work_inbox(at=now + timedelta(minutes=minute))

    assert answers == [200] * 5
    assert Payment.objects.count() == Receipt.objects.count() == 1
    assert len(do_owed_work()) == 1
