"""A sandbox of CinetPay over real HTTP, and what a payer does in it."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from billing.payments import services
from billing.payments.models import AttemptEvent
from billing.payments.sandbox.clock import VirtualClock
from billing.payments.sandbox.notifications import Outbox
from billing.payments.sandbox.scenarios import read_phone
from billing.payments.sandbox.server import SandboxServer
from billing.payments.sandbox.state import Sandbox
from core import rls

WEBHOOK = "/api/webhooks/cinetpay/"


@dataclass
class Payer:
    """Somebody in front of CinetPay's page, and the notices CinetPay owes us about it."""

    server: SandboxServer

    @property
    def sandbox(self):
        return self.server.sandbox

    def pay(self, attempt, scenario="00", operator="MOMO"):
        """Pay on the page with the phone number of a scenario."""
        token = self.sandbox.find(attempt.reference).token
        self.sandbox.open_page(token)
        self.sandbox.pay(token, operator=operator, phone=read_phone(f"07070707{scenario}"))

    def wait(self, seconds):
        """Let CinetPay's time pass."""
        self.sandbox.advance(seconds)

    def notices(self, attempt):
        """Return what CinetPay would post about an attempt, oldest first."""
        return [
            notice
            for notice in self.sandbox.outbox.notices
            if notice.transaction_id == attempt.reference and notice.method == "POST"
        ]

    def fault(self, **values):
        """Break the API: see `sandbox.faults.Fault`."""
        self.server.application.faults.set(values)


@pytest.fixture
def payer(settings):
    """A sandbox that listens, with a clock that stands still."""
    clock = VirtualClock(time.time())
    server = SandboxServer(
        Sandbox(clock=clock, outbox=Outbox(clock, timeout=2), starts_per_minute=10_000)
    )
    with server:
        settings.CINETPAY_BASE_URL = server.url
        yield Payer(server)


@pytest.fixture
def now():
    """The moment tests start at; services are told the time."""
    return datetime.now(UTC).replace(microsecond=0)


@pytest.fixture
def start(acme_owner, payer, now):
    """Return a function that opens a payment page for an invoice."""

    def begin(invoice, *, amount=None, channel="mtn", key="", at=now, actor=None):
        with rls.clients(invoice.client_id):
            return services.start_attempt(
                invoice=invoice,
                amount=amount,
                channel=channel,
                actor=actor or acme_owner,
                idempotency_key=key,
                at=at,
            )

    return begin


@pytest.fixture
def check(now):
    """Return a function that asks CinetPay about an attempt."""

    def ask(attempt, *, at=now, source=AttemptEvent.Source.CHECK):
        return services.check_attempt(attempt_id=attempt.pk, source=source, at=at)

    return ask


@pytest.fixture
def deliver(client_of):
    """Return a function that posts notices to our address, as CinetPay does."""
    browser = client_of(enforce_csrf_checks=True)

    def post(*notices, path=WEBHOOK):
        return [
            browser.post(
                path,
                data=notice.body,
                content_type=notice.headers["Content-Type"],
                headers={"x-token": notice.headers.get("x-token", "")},
            ).status_code
            for notice in notices
        ]

    return post


@pytest.fixture
def record(acme, owner_staff, now):
    """Return a function that writes money down."""

    def write(invoice=None, amount=118_000, **fields):
        return services.record_payment(
            **{
                "client": acme,
                "invoice": invoice,
                "amount": amount,
                "method": "transfer",
                "reference": "VIR-1",
                "received_on": now.date(),
                "actor": owner_staff,
                "at": now,
                **fields,
            }
        )

    return write


@pytest.fixture
def give_back(owner_staff, now):
    """Return a function that writes a refund down."""

    def write(payment, amount, key="r1", **fields):
        return services.record_refund(
            **{
                "payment": payment,
                "amount": amount,
                "reason": "Prestation annulée",
                "reference": "VIR-2",
                "refunded_on": now.date(),
                "actor": owner_staff,
                "at": now,
                "idempotency_key": key,
                **fields,
            }
        )

    return write
