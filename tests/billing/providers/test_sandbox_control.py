"""What a test may ask of the sandbox, who may ask it, and where it may write."""

import pytest
import requests

from billing.payments.sandbox.clock import RealClock, VirtualClock
from billing.payments.sandbox.notifications import Outbox
from billing.payments.sandbox.orders import Merchant
from billing.payments.sandbox.server import SandboxServer
from billing.payments.sandbox.state import NotNow, Sandbox
from billing.payments.sandbox.storage import FileStorage

ORDER = {
    "apikey": "sandbox.0001",
    "site_id": "909001",
    "transaction_id": "SHOP0001",
    "amount": 5000,
    "currency": "XOF",
    "description": "Facture 12",
    "notify_url": "http://127.0.0.1:9/n",
    "return_url": "http://127.0.0.1:9/r",
}


def make_sandbox(clock, **options):
    return Sandbox(clock=clock, outbox=Outbox(clock, timeout=2), **options)


@pytest.mark.parametrize("token", [None, "", "wrong", "é"])
def test_without_the_token_nothing_is_told_or_done(server, start, sandbox, token):
    start()
    headers = {} if token is None else {"X-Sandbox-Control": token.encode()}

    told = requests.get(f"{server.url}/__control__/outbox", headers=headers, timeout=5)
    done = requests.post(f"{server.url}/__control__/reset", headers=headers, timeout=5)

    assert (told.status_code, done.status_code) == (403, 403)
    assert len(sandbox.list_payments()) == 1


def test_without_a_token_at_start_there_is_no_control_at_all():
    with SandboxServer(make_sandbox(VirtualClock(0))) as server:
        response = requests.post(f"{server.url}/__control__/reset", timeout=5)

    assert response.status_code == 404


def test_the_outbox_shows_what_was_sent_and_how_it_was_received(start, pay, control, server):
    pay(start(), "00")
    control("flush")

    response = requests.get(
        f"{server.url}/__control__/outbox",
        headers={"X-Sandbox-Control": "open-sesame"},
        timeout=5,
    )

    ping, told = response.json()["outbox"]
    assert (ping["method"], ping["label"], ping["last_status"]) == ("GET", "PING", 200)
    assert (told["method"], told["label"], told["last_status"]) == ("POST", "ACCEPTED", 200)
    assert told["body"].startswith("cpm_site_id=909001&cpm_trans_id=INV7F3K2A001&")
    assert len(told["headers"]["x-token"]) == 64


def test_the_transactions_show_every_payment_and_its_stages(start, pay, server):
    pay(start(), "03")

    response = requests.get(
        f"{server.url}/__control__/transactions",
        headers={"X-Sandbox-Control": "open-sesame"},
        timeout=5,
    )

    (payment,) = response.json()["transactions"]
    assert (payment["transaction_id"], payment["stage"]) == ("INV7F3K2A001", "REFUSED")
    assert [name for _, name in payment["history"]] == ["CREATED", "OPENED", "REFUSED"]


def test_flushing_sends_even_what_is_not_due_yet(start, pay, control, merchant):
    pay(start(), "10")

    sent = control("flush")["sent"]

    assert [each["label"] for each in sent] == ["PING", "ACCEPTED", "ACCEPTED", "ACCEPTED"]
    assert merchant.words == ["SUCCES", "SUCCES", "SUCCES"]


def test_a_notification_is_sent_as_often_as_asked(start, control, merchant):
    start()

    sent = control("notify", transaction_id="INV7F3K2A001", times=5)["sent"]

    assert [each["last_status"] for each in sent] == [200] * 5
    assert len(merchant.posts) == 5


@pytest.mark.parametrize(
    ("path", "values", "status"),
    [
        ("notify", {"transaction_id": "UNKNOWN1"}, 404),
        ("notify", {"transaction_id": "INV7F3K2A001", "mutate": "magic"}, 400),
        ("notify", {"transaction_id": "INV7F3K2A001", "mutate": "replay_old"}, 400),
        ("notify", {}, 400),
        ("scenario", {"transaction_id": "INV7F3K2A001", "key": "99"}, 400),
        ("decide", {"transaction_id": "INV7F3K2A001", "decision": "accept"}, 409),
        ("decide", {"transaction_id": "INV7F3K2A001", "decision": "reverse"}, 409),
        ("decide", {"transaction_id": "INV7F3K2A001", "decision": "dance"}, 400),
        ("faults", {"kind": "magic"}, 400),
        ("faults", {"kind": "500", "colour": "red"}, 400),
        ("advance", {"seconds": "soon"}, 400),
    ],
)
def test_what_makes_no_sense_is_refused(start, control, sandbox, path, values, status):
    start()

    with pytest.raises(requests.HTTPError) as refused:
        control(path, **values)

    assert refused.value.response.status_code == status
    assert sandbox.list_payments()[0]["stage"] == "CREATED"


def test_resetting_forgets_payments_notices_and_faults(start, pay, control, sandbox):
    pay(start(), "00")
    control("faults", kind="500")

    control("reset")

    assert (sandbox.list_payments(), sandbox.outbox.notices) == ([], [])
    assert start().provider_token != ""


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("http://127.0.0.1:8000/n", True),
        ("http://127.1.2.3/n", True),
        ("http://[::1]:8000/n", True),
        ("http://localhost:8000/n", True),
        ("http://shop.test/n", True),
        ("http://sub.shop.test/n", False),
        ("http://localhost.evil.example/n", False),
        ("http://169.254.169.254/latest/", False),
        ("http://10.0.0.1/n", False),
        ("http://[::ffff:10.0.0.1]/n", False),
        ("http://example.com/n", False),
    ],
)
def test_only_this_machine_and_named_hosts_are_written_to(url, allowed):
    outbox = Outbox(VirtualClock(0), allowed_hosts=["shop.test"])

    assert outbox.is_allowed(url) is allowed


def test_a_notification_for_elsewhere_is_kept_and_not_sent():
    sandbox = make_sandbox(VirtualClock(0))
    sandbox.create_payment(ORDER | {"notify_url": "http://192.0.2.1/n"})

    sandbox.advance(0)

    (ping,) = sandbox.outbox.notices
    assert (ping.last_status, ping.is_done, ping.attempts) == ("blocked", True, 1)


def test_a_real_clock_sends_by_itself_and_cannot_be_moved(merchant):
    sandbox = make_sandbox(RealClock())
    with SandboxServer(sandbox):
        payment = sandbox.create_payment(ORDER | {"notify_url": f"{merchant.url}/n"})
        sandbox.run_due()
        with pytest.raises(NotNow):
            sandbox.advance(1)

    assert payment.created_at > 1_700_000_000
    assert [each.method for each in merchant.heard] == ["GET"]


def test_a_file_keeps_the_payments_and_what_is_to_come(tmp_path):
    first = FileStorage(tmp_path / "sandbox.sqlite3")
    before = make_sandbox(VirtualClock(0), storage=first)
    token = before.create_payment(ORDER).token
    before.pay(token, operator="MOMO", phone=None)
    first.close()

    second = FileStorage(tmp_path / "sandbox.sqlite3")
    after = make_sandbox(VirtualClock(0), storage=second)
    still = after.open_page(token).stage.name
    after.advance(300)

    assert (still, after.open_page(token).stage.name) == ("ON_PHONE", "REFUSED")
    after.reset()
    assert second.load_all() == []
    second.close()


def test_another_merchant_may_be_imitated():
    merchant = Merchant("key", "42", "secret", "Lagune")
    sandbox = make_sandbox(VirtualClock(0), merchant=merchant)

    payment = sandbox.create_payment(ORDER | {"apikey": "key", "site_id": "42"})

    assert payment.transaction_id == "SHOP0001"
