"""The sandbox's two calls, its refusals in CinetPay's order, and its faults."""

import json

import pytest
import requests

from billing.payments.sandbox.clock import VirtualClock
from billing.payments.sandbox.notifications import Outbox
from billing.payments.sandbox.orders import Refused
from billing.payments.sandbox.state import Sandbox

AGENT = {"User-Agent": "Shop/1.0"}
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


@pytest.fixture
def post(server):
    def act(path="/v2/payment", body=None, **changes):
        values = {k: v for k, v in (ORDER | changes).items() if v is not None}
        return requests.post(
            server.url + path,
            data=json.dumps(values) if body is None else body,
            headers=AGENT | {"Content-Type": "application/json"},
            timeout=5,
        )

    return act


def test_a_good_order_is_created(post, server):
    response = post()

    answer = response.json()
    assert response.status_code == 201
    assert (answer["code"], answer["message"]) == ("201", "CREATED")
    assert len(answer["data"]["payment_token"]) == 64
    assert answer["data"]["payment_url"] == (
        f"{server.url}/payment/{answer['data']['payment_token']}"
    )
    assert set(answer) == {"code", "message", "description", "data", "api_response_id"}


@pytest.mark.parametrize(
    ("changes", "code", "description"),
    [
        ({"transaction_id": None}, "608", "transaction_id is required and must be a text"),
        ({"description": "  "}, "608", "description is required and must be a text"),
        ({"site_id": 909001}, "608", "site_id is required and must be a text"),
        ({"amount": "5000"}, "608", "amount is required and must be an integer"),
        ({"amount": 5000.0}, "608", "amount is required and must be an integer"),
        ({"amount": True}, "608", "amount is required and must be an integer"),
        ({"apikey": "wrong", "currency": "EUR"}, "609", "apikey is unknown"),
        ({"site_id": "1", "currency": "EUR"}, "613", "site_id is unknown"),
        ({"currency": "EUR", "amount": 1}, "612", "currency is not accepted"),
        ({"notify_url": "ftp://x/y"}, "608", "notify_url must be a web address"),
        ({"return_url": "javascript:alert(1)"}, "608", "return_url must be a web address"),
        ({"amount": 95}, "608", "amount must be at least 100 and a multiple of 5"),
        ({"amount": 5001}, "608", "amount must be at least 100 and a multiple of 5"),
        (
            {"amount": 995, "currency": "GNF"},
            "608",
            "amount must be at least 1000 and a multiple of 5",
        ),
        ({"lock_phone_number": True, "customer_phone_number": "12"}, "624", "phone number"),
    ],
)
def test_an_order_is_refused_with_the_code_and_the_field(post, sandbox, changes, code, description):
    answer = post(**changes).json()

    assert (answer["code"], answer["description"]) == (code, description)
    assert "data" not in answer
    assert sandbox.list_payments() == []


@pytest.mark.parametrize("body", ["", "nonsense", "[]", '"text"', "null"])
def test_a_body_that_is_no_object_is_refused(post, body):
    assert post(body=body).json()["code"] == "608"


def test_a_reference_used_twice_is_refused(post, sandbox):
    post()

    answer = post(amount=6000).json()

    assert (answer["code"], answer["description"]) == ("608", "transaction_id already exists")
    assert [payment["amount"] for payment in sandbox.list_payments()] == [5000]


@pytest.mark.parametrize(
    ("headers", "metadata"),
    [
        ({"User-Agent": "", "Content-Type": "application/json"}, ""),
        (AGENT | {"Content-Type": "application/x-www-form-urlencoded"}, ""),
        (AGENT | {"Content-Type": "application/json"}, '{"a": 1}'),
    ],
    ids=["no browser name", "a form", "JSON in metadata"],
)
def test_what_cloudflare_stops_is_an_html_403(server, sandbox, headers, metadata):
    response = requests.post(
        f"{server.url}/v2/payment",
        data=json.dumps(ORDER | {"metadata": metadata}),
        headers=headers,
        timeout=5,
    )

    assert response.status_code == 403
    assert response.headers["Content-Type"] == "text/html"
    assert ("error code: 1010" in response.text) is (headers["User-Agent"] == "")
    assert sandbox.list_payments() == []


def test_the_amount_may_be_rounded_down_as_some_have_seen():
    clock = VirtualClock(0)
    sandbox = Sandbox(clock=clock, outbox=Outbox(clock), round_down=True)

    assert sandbox.create_payment(ORDER | {"amount": 11_799}).amount == 11_795


def test_more_starts_than_allowed_in_a_minute_are_refused_until_it_has_passed():
    clock = VirtualClock(0)
    sandbox = Sandbox(clock=clock, outbox=Outbox(clock), starts_per_minute=2)
    sandbox.create_payment(ORDER | {"transaction_id": "A1"})
    sandbox.create_payment(ORDER | {"transaction_id": "A2"})

    with pytest.raises(Refused, match="429 TOO_MANY_REQUEST"):
        sandbox.create_payment(ORDER | {"transaction_id": "A3"})
    clock.move_to(60)

    assert sandbox.create_payment(ORDER | {"transaction_id": "A3"}).transaction_id == "A3"


def test_a_check_has_every_field_even_when_nothing_is_paid(post):
    post(metadata="att_1")

    assert post("/v2/payment/check").json()["data"] == {
        "amount": "5000",
        "currency": "XOF",
        "status": "CREATED",
        "payment_method": None,
        "description": "Facture 12",
        "metadata": "att_1",
        "operator_id": None,
        "payment_date": " ",
        "fund_availability_date": " ",
    }


def test_a_check_of_a_paid_payment_dates_it_and_its_payout(post, control):
    post()
    control("scenario", transaction_id="SHOP0001", key="00", operator="WAVECI")

    answer = post("/v2/payment/check").json()

    assert (answer["code"], answer["message"]) == ("00", "SUCCES")
    assert answer["data"]["payment_date"] == "2026-03-14 12:00:00"
    assert answer["data"]["fund_availability_date"] == "2026-03-16 12:00:00"
    assert answer["data"]["payment_method"] == "WAVECI"


def test_a_check_of_an_unknown_reference_has_no_data(post):
    answer = post("/v2/payment/check", transaction_id="UNKNOWN1").json()

    assert answer["code"] == "627"
    assert "data" not in answer


def test_it_says_it_is_alive_and_nothing_else_answers(server):
    assert requests.get(f"{server.url}/healthz", timeout=5).text == "ok"
    assert requests.get(f"{server.url}/", timeout=5).status_code == 404
    assert requests.get(f"{server.url}/v2/payment", timeout=5).status_code == 405
    assert requests.get(f"{server.url}/assets/../server.py", timeout=5).status_code == 404


def test_a_fault_strikes_where_and_as_often_as_told(post, control):
    control("faults", kind="500", on="check", times=2)

    statuses = [post().status_code, *(post("/v2/payment/check").status_code for _ in range(3))]

    assert statuses == [201, 500, 500, 200]


def test_a_slow_answer_still_comes(post, control):
    control("faults", kind="slow", seconds=0.05, times=1)

    assert post().status_code == 201


def test_a_fault_lasts_until_it_is_taken_away(post, control):
    control("faults", kind="429")
    statuses = [post().status_code, post().status_code]

    control("faults", kind=None)

    assert [*statuses, post().status_code] == [429, 429, 201]


def test_a_broken_connection_carries_nothing(post, control):
    control("faults", kind="down", times=1)

    with pytest.raises(requests.ConnectionError):
        post()
