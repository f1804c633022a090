"""Whatever clients, CinetPay, workers and crashes do, in whatever order, the sums hold."""

from datetime import timedelta

import hypothesis.strategies as st
import pytest
from django.db import connection
from hypothesis import HealthCheck, settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from billing.payments import queries, services
from billing.payments.models import Payment, PaymentAttempt
from billing.payments.providers.base import GatewayError, RawWebhook
from billing.payments.sandbox.state import NotNow
from billing.payments.services import CannotPay
from billing.payments.services.checking import TooSoon
from billing.payments.services.recording import CannotRecord
from core import rls
from tests.billing.payments.crash import dying_at

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("team")]

# I8, I9, I13, D4 of the invariants that no rule of `reconcile` says.
MORE_RULES = {
    "one live attempt for each invoice": """
        SELECT count(*) FROM (SELECT invoice_id FROM payments_paymentattempt
        WHERE state IN ('created', 'pending') GROUP BY invoice_id HAVING count(*) > 1) twice
    """,
    "one receipt owed for each payment": """
        SELECT count(*) FROM payments_payment p
        WHERE (SELECT count(*) FROM outbox_owedwork w WHERE w.key = 'receipt:' || p.id) <> 1
    """,
    "nothing above the total": """
        SELECT count(*) FROM invoicing_invoice
        WHERE amount_paid > total - amount_credited OR amount_paid < 0
    """,
    "a settled attempt is not asked about": """
        SELECT count(*) FROM payments_paymentattempt
        WHERE state IN ('succeeded', 'review') AND next_check_at IS NOT NULL
    """,
    "a forged notification was never worked on": """
        SELECT count(*) FROM payments_providernotification
        WHERE NOT is_signed AND (tries > 0 OR state <> 'rejected')
    """,
}

SCENARIOS = ["00", "01", "03", "04", "06", "10", "13", "14"]
CRASH = st.integers(min_value=0, max_value=60)
WHICH = st.integers(min_value=0, max_value=5)
MINUTES = st.sampled_from([1, 3, 30, 120, 1500])


class Payments(RuleBasedStateMachine):
    """Two invoices, some tries to pay them, and everything that may happen."""

    make_world = None  # given by the test

    @initialize()
    def begin(self):
        self.payer, self.client, self.actor, self.invoices, self.now = self.make_world()

    def attempts(self):
        ids = [invoice.pk for invoice in self.invoices]
        return list(PaymentAttempt.objects.filter(invoice__in=ids).order_by("pk"))

    def pick(self, which):
        attempts = self.attempts()
        return attempts[which % len(attempts)]

    has_attempts = precondition(lambda self: bool(self.attempts()))

    @rule(which=st.booleans(), part=st.booleans(), channel=st.sampled_from(["mtn", "wave"]))
    def start(self, which, part, channel):
        self.begin_payment(which, 5_000 if part else None, channel)

    @rule(which=st.booleans(), statement=CRASH)
    def start_and_crash(self, which, statement):
        with dying_at(statement):
            self.begin_payment(which, None, "mtn")

    def begin_payment(self, which, amount, channel):
        try:
            with rls.clients(self.client.pk):
                services.start_attempt(
                    invoice=self.invoices[which],
                    amount=amount,
                    channel=channel,
                    actor=self.actor,
                    idempotency_key="",
                    at=self.now,
                )
        except CannotPay:
            return

    @has_attempts
    @rule(which=WHICH, scenario=st.sampled_from(SCENARIOS))
    def pay_on_the_page(self, which, scenario):
        attempt = self.pick(which)
        if not attempt.redirect_url:
            return
        try:
            self.payer.pay(attempt, scenario)
        except NotNow:
            return

    @has_attempts
    @rule(which=WHICH, is_forged=st.booleans())
    def hear_a_notification(self, which, is_forged):
        notices = self.payer.notices(self.pick(which))
        if not notices:
            return
        notice = notices[-1]
        token = "0" * 64 if is_forged else notice.headers.get("x-token", "")
        raw = RawWebhook(
            "POST", {"x-token": token}, notice.body, notice.headers["Content-Type"], "127.0.0.1"
        )
        services.receive_notification(provider="cinetpay", raw=raw, at=self.now)

    @rule()
    def work_the_inbox(self):
        services.work_inbox(at=self.now)

    @rule(statement=CRASH)
    def work_the_inbox_and_crash(self, statement):
        with dying_at(statement):
            services.work_inbox(at=self.now)

    @has_attempts
    @rule(which=WHICH, statement=CRASH)
    def check_and_crash(self, which, statement):
        with dying_at(statement):
            self.ask(self.pick(which))

    @has_attempts
    @rule(which=WHICH)
    def check(self, which):
        self.ask(self.pick(which))

    def ask(self, attempt):
        try:
            services.check_attempt(attempt_id=attempt.pk, source="check", at=self.now)
        except (TooSoon, GatewayError):
            return

    @rule(minutes=MINUTES)
    def let_time_pass_and_sweep(self, minutes):
        self.now += timedelta(minutes=minutes)
        self.payer.wait(minutes * 60)
        services.sweep_payments(at=self.now)

    @rule(which=st.booleans(), amount=st.sampled_from([1_000, 11_799, 20_000]))
    def pay_in_cash(self, which, amount):
        try:
            services.record_payment(
                client=self.client,
                invoice=self.invoices[which],
                amount=amount,
                method="cash",
                reference="",
                received_on=self.now.date(),
                actor=self.actor,
                at=self.now,
            )
        except CannotRecord:
            return

    @rule(which=WHICH, amount=st.sampled_from([500, 5_000, 11_795]))
    def give_back(self, which, amount):
        payments = list(Payment.objects.filter(client=self.client).order_by("pk"))
        if not payments:
            return
        payment = payments[which % len(payments)]
        try:
            services.record_refund(
                payment=payment,
                amount=amount,
                reason="Essai",
                reference="",
                refunded_on=self.now.date(),
                actor=self.actor,
                at=self.now,
                idempotency_key=f"refund-{payment.pk}-{amount}",
            )
        except services.CannotRefund:
            return

    @invariant()
    def everything_adds_up(self):
        assert queries.find_differences() == []

    @invariant()
    def nothing_forbidden_is_there(self):
        with connection.cursor() as cursor:
            for name, sql in MORE_RULES.items():
                cursor.execute(sql)
                assert (name, cursor.fetchone()[0]) == (name, 0)

    def teardown(self):
        """In the end every accepted payment is known: the sweep found it."""
        if not hasattr(self, "invoices"):
            return
        for _turn in range(3):
            self.now += timedelta(hours=7)
            services.work_inbox(at=self.now)
            services.sweep_payments(at=self.now)
        accepted = {
            each["transaction_id"]
            for each in self.payer.sandbox.list_payments()
            if each["stage"] == "ACCEPTED"
        }
        known = PaymentAttempt.objects.filter(state__in=["succeeded", "review"])
        ours = set(known.values_list("reference", flat=True))
        assert accepted <= ours
        self.everything_adds_up()


def test_the_sums_hold_whatever_happens(make_client, make_member, make_invoice, payer, now):
    examples = iter(range(10_000))

    def make_world():
        number = next(examples)
        payer.sandbox.reset()
        client = make_client(f"Essai {number}")
        actor = make_member(client, "owner")
        invoices = [
            make_invoice(client, f"FAC-2026-{number:05}A", net=9_999, vat=1_800),
            make_invoice(client, f"FAC-2026-{number:05}B", net=20_000, vat=0),
        ]
        at = now + timedelta(days=number)
        return payer, client, actor, invoices, at

    Payments.make_world = staticmethod(make_world)
    run_state_machine_as_test(
        Payments,
        settings=settings(
            max_examples=12,
            stateful_step_count=25,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
