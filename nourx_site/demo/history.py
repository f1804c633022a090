"""What happened around the papers: invoices opened by their client, a payment that failed."""

from datetime import datetime, timedelta

from billing.invoicing.models import Invoice
from billing.invoicing.services import mark_seen
from billing.payments.models import AttemptEvent, PaymentAttempt
from billing.payments.references import new_reference
from nourx_site.demo.people import World

READERS = {
    "akwaba": "aminata@akwaba.test",
    "lagune": "yao@lagune.test",
    "bandama": "awa@bandama.test",
    "savane": "ibrahim@savane.test",
}
FEATURED = "-0042"
REFUSAL = ("600", "PAYMENT_FAILED")  # CinetPay's words


def make_history(world: World, now: datetime) -> None:
    """Have each client open its last invoices; have one payment fail on the featured one."""
    for key, email in READERS.items():
        rows = Invoice.objects.filter(client=world.clients[key], status=Invoice.Status.ISSUED)
        for invoice in rows.order_by("-issue_date", "-pk")[:4]:
            seen_at = min(invoice.issued_at + timedelta(hours=5), now)
            mark_seen(invoice=invoice, at=seen_at, actor=world.members[email])
    featured = Invoice.objects.get(number__startswith="FAC-", number__endswith=FEATURED)
    _fail_once(world, featured, now)


def _fail_once(world: World, invoice: Invoice, now: datetime) -> None:
    """Write down a try refused by the operator, the day before: nothing was debited."""
    code, message = REFUSAL
    started_at = max(invoice.issued_at, now - timedelta(days=1))
    attempt = PaymentAttempt.objects.create(
        client=invoice.client,
        invoice=invoice,
        reference=new_reference(),
        provider="cinetpay",
        channel="orange",
        amount=invoice.amount_due,
        currency=invoice.currency,
        state=PaymentAttempt.State.FAILED,
        payer_phone="+2250700000003",
        started_by=world.members[READERS["akwaba"]],
        last_code=code,
        last_message=message,
        checks=1,
        last_checked_at=started_at + timedelta(minutes=2),
        is_test=True,
        created_at=started_at,
        expires_at=started_at + timedelta(minutes=30),
        ended_at=started_at + timedelta(minutes=2),
    )
    AttemptEvent.objects.create(
        client=invoice.client,
        attempt=attempt,
        source=AttemptEvent.Source.CHECK,
        state=PaymentAttempt.State.FAILED,
        code=code,
        message=message,
        outcome=PaymentAttempt.State.FAILED,
        happened_at=attempt.ended_at,
    )
