"""Paying online at the stand-ins, by every channel, with every story that may be told of it."""

from datetime import UTC, datetime

from billing.invoicing.models import Invoice
from billing.payments import services as payments
from billing.payments.models import Anomaly, Payment, PaymentAttempt
from billing.payments.providers.base import GatewayError, RawWebhook
from billing.payments.sandbox.scenarios import read_phone
from billing.payments.services.resolving import ACCEPT, REVERSE, announced_amount, possible_acts
from core import rls
from nourx_site.local.month.course import Month

V2_STORIES = {  # a payer of CinetPay v2 chooses a story by the end of a phone number
    "success": "00", "late": "01", "refused": "03", "pending": "06", "double": "10",
    "disorder": "11", "silent": "12", "amount": "14", "forged": "16", "down": "17",
    "reversal": "00",
}  # fmt: skip
OPERATORS = {"orange": "OM", "mtn": "MOMO", "moov": "FLOOZ", "wave": "WAVE", "card": "VISAM"}


def open_page(
    month: Month, invoice: Invoice, channel: str, amount: int | None = None
) -> PaymentAttempt:
    """Open the page of a payment. The month's money is meant as real: the treasury counts it."""
    with rls.clients(invoice.client_id):
        attempt = payments.start_attempt(
            invoice=invoice, amount=amount, channel=channel, idempotency_key="",
            actor=month.people[invoice.client_id], at=month.tick(),
        )  # fmt: skip
    PaymentAttempt.objects.filter(pk=attempt.pk).update(is_test=False)
    dialect = " v1" if attempt.provider == "cinetpay" and attempt.account_id else ""
    month.count(f"en ligne : {attempt.provider}{dialect}, {channel}")
    return attempt


def pay(
    month: Month, invoice: Invoice, channel: str, story: str = "success", amount: int | None = None
) -> PaymentAttempt:
    """Open a page, have the story happen there, and hear what is notified."""
    attempt = open_page(month, invoice, channel, amount)
    play(month, attempt, story)
    if story != "success":
        month.count(f"incidents : {story}")
    pulse(month)
    return attempt


def play(month: Month, attempt: PaymentAttempt, story: str) -> None:
    """Have a payer, or the provider, do what the story tells."""
    sandbox, book = month.server.sandbox, month.server.application.book
    if attempt.provider != "cinetpay" or attempt.account_id is not None:
        book.play(book.find_reference(attempt.reference).id, story)
        return
    token = sandbox.find(attempt.reference).token
    sandbox.open_page(token)
    phone = read_phone(f"07070707{V2_STORIES[story]}")
    sandbox.pay(token, operator=OPERATORS[attempt.channel], phone=phone)
    if story == "reversal":
        pulse(month)
        sandbox.reverse(token)


def hear(month: Month) -> None:
    """Take in every notification that is due by now and was not heard yet."""
    sandbox = month.server.sandbox
    sandbox.run_due()
    now = sandbox.clock.now()
    for notice in list(sandbox.outbox.notices):
        if notice.number in month.heard or notice.method != "POST" or notice.due_at > now:
            continue
        month.heard.add(notice.number)
        attempt = PaymentAttempt.objects.get(reference=notice.transaction_id)
        headers = {name.lower(): value for name, value in notice.headers.items()}
        raw = RawWebhook(
            "POST", headers, notice.body, headers.get("content-type", ""), "127.0.0.1",
            datetime.fromtimestamp(now, UTC),
        )  # fmt: skip
        payments.receive_notification(provider=attempt.provider, raw=raw, at=month.tick(seconds=1))
        month.count("notifications reçues")


def pulse(month: Month) -> None:
    """Do what workers do every minute: hear, look, ask again."""
    hear(month)
    payments.work_inbox(at=month.tick(seconds=10))
    payments.sweep_payments(at=month.tick(seconds=10))


def end_of_day(month: Month) -> None:
    """Let the evening pass: late notices come, the sweep finds what nobody told of."""
    for minutes in (1, 6, 30, 120, 120):
        month.tick(minutes=minutes)
        pulse(month)
    deal_with_anomalies(month)


def deal_with_anomalies(month: Month) -> None:
    """Have a person look at each anomaly, and do what its facts allow."""
    for anomaly in Anomaly.objects.filter(resolved_at=None).order_by("pk"):
        month.count(f"anomalies : {anomaly.get_kind_display().lower()}")
        acts = possible_acts(anomaly)
        words = {"comment": "Vu au portail", "actor": month.actor, "at": month.tick()}
        if ACCEPT in acts:
            amount = announced_amount(anomaly) or anomaly.attempt.amount
            payments.accept_money(anomaly=anomaly, amount=amount, **words)
        elif REVERSE in acts:
            payments.accept_reversal(anomaly=anomaly, **words)
        else:
            payments.resolve_anomaly(anomaly=anomaly, **words)


def give_back_by_provider(month: Month, payment: Payment, amount: int) -> None:
    """Have the provider give money back, crediting the invoice for as much."""
    order = payments.order_refund(
        payment=payment, amount=amount, reason="Geste commercial", actor=month.actor,
        at=month.tick(), idempotency_key=f"rendre:{payment.pk}", with_credit_note=True,
    )  # fmt: skip
    again = payments.order_refund(
        payment=payment, amount=amount, reason="Geste commercial", actor=month.actor,
        at=month.tick(), idempotency_key=f"rendre:{payment.pk}", with_credit_note=True,
    )  # fmt: skip
    if order.pk != again.pk or order.state != "done":
        raise AssertionError(f"refund order {order.pk}: {order.state}")
    month.count(f"remboursements par {payment.provider}")


def fail_to_open(month: Month, invoice: Invoice, channel: str) -> None:
    """Have the provider cut the line when a page is asked for."""
    month.server.application.faults.set({"kind": "lost", "on": "start", "times": 1})
    try:
        open_page(month, invoice, channel)
    except (payments.CannotPay, GatewayError):
        month.count("incidents : départ sans réponse")
    finally:
        month.server.application.faults.clear()
