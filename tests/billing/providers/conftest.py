"""CinetPay's sandbox, listening for real with a clock that stands still, and a merchant."""

import itertools
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests

from billing.payments.providers.base import (
    AttemptRef,
    Money,
    Payer,
    RawWebhook,
    StartRequest,
)
from billing.payments.providers.cinetpay import CinetPayGateway
from billing.payments.sandbox.clock import VirtualClock
from billing.payments.sandbox.notifications import Outbox
from billing.payments.sandbox.server import SandboxServer
from billing.payments.sandbox.state import Sandbox

NOON = 1_773_489_600.0  # 14 March 2026, 12:00 in Abidjan
CONTROL = {"X-Sandbox-Control": "open-sesame"}


@dataclass
class Heard:
    """One request a merchant received."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def raw(self) -> RawWebhook:
        kind = self.headers.get("content-type", "")
        return RawWebhook(self.method, self.headers, self.body, kind, "127.0.0.1")


@dataclass
class Merchant:
    """A shop's server: it keeps what it hears and answers what it was told to."""

    url: str = ""
    heard: list[Heard] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)

    @property
    def posts(self) -> list[Heard]:
        return [each for each in self.heard if each.method == "POST"]

    @property
    def words(self) -> list[str]:
        """What each notification said of the payment."""
        last = [each.body.decode().rpartition("cpm_error_message=")[2] for each in self.posts]
        return [word.partition("&")[0] for word in last]


def make_handler(merchant):
    class Handler(BaseHTTPRequestHandler):
        def answer(self):
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            merchant.heard.append(Heard(self.command, self.path, headers, body))
            self.send_response(merchant.answers.pop(0) if merchant.answers else 200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_GET = do_POST = answer

        def log_message(self, *values):
            pass

    return Handler


@pytest.fixture(scope="session")
def shop():
    merchant = Merchant()
    server = ThreadingHTTPServer(("127.0.0.1", 0), make_handler(merchant))
    merchant.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield merchant
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def merchant(shop):
    shop.heard.clear()
    shop.answers.clear()
    return shop


@pytest.fixture(scope="session")
def listening():
    clock = VirtualClock(NOON)
    sandbox = Sandbox(clock=clock, outbox=Outbox(clock, timeout=2), starts_per_minute=1000)
    with SandboxServer(sandbox, control_token=CONTROL["X-Sandbox-Control"]) as server:
        yield server


@pytest.fixture
def server(listening):
    listening.application.faults.clear()
    listening.sandbox.reset()
    return listening


@pytest.fixture
def sandbox(server):
    return server.sandbox


@pytest.fixture
def control(server):
    """Ask the sandbox's control API, and return what it says."""

    def ask(path, **values):
        response = requests.post(
            f"{server.url}/__control__/{path}", json=values, headers=CONTROL, timeout=5
        )
        response.raise_for_status()
        return response.json()

    return ask


@pytest.fixture
def make_gateway(server):
    def make(**changes):
        values = {
            "apikey": "sandbox.0001",
            "site_id": "909001",
            "secret_key": "sk_demo_7Qd2-Abidjan-only-for-tests",
            "base_url": server.url,
            "connect_timeout": 1,
            "read_timeout": 2,
        }
        return CinetPayGateway(**(values | changes))

    return make


@pytest.fixture
def gateway(make_gateway):
    return make_gateway()


@pytest.fixture
def make_order(merchant):
    """Return a payment to start, with a new reference each time."""
    numbers = itertools.count(1)

    def make(amount=150_000, currency="XOF", **changes):
        values = {
            "merchant_ref": f"INV7F3K2A{next(numbers):03}",
            "money": Money(amount, currency),
            "description": "Facture FAC-2026-0042",
            "payer": Payer(),
            "return_url": f"{merchant.url}/retour/",
            "cancel_url": f"{merchant.url}/retour/",
            "notify_url": f"{merchant.url}/notification/",
            "metadata": "att_01",
        }
        return StartRequest(**(values | changes))

    return make


@pytest.fixture
def start(gateway, make_order):
    """Start a payment and return what is remembered of it."""

    def act(**changes):
        order = make_order(**changes)
        result = gateway.start(order)
        return AttemptRef(order.merchant_ref, result.provider_token, "", order.money)

    return act


@pytest.fixture
def pay(sandbox, control):
    """Pay a started payment with a phone number's last two digits, as a payer would."""

    def act(ref, key, operator="MOMO"):
        return control("scenario", transaction_id=ref.merchant_ref, key=key, operator=operator)

    return act
