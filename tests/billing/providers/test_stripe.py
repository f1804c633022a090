"""Stripe: amounts as they leave, metadata, slow methods, fees and money that goes back."""

import dataclasses
import json
from datetime import UTC, date, datetime
from io import BytesIO
from urllib.parse import parse_qsl

import pytest
import stripe

from billing.payments.providers.base import Money, PayState, RawWebhook, WebhookRejected
from tests.billing.providers.rigs import KEYS, make_rigs

NOON = 1_773_489_600


@pytest.fixture
def rig(listening):
    return make_rigs(listening)["stripe"]


@pytest.fixture
def heard(listening, monkeypatch):
    """The forms that reach the fake."""
    forms = []
    real = type(listening.application).__call__

    def listen(self, environ, start_response):
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        forms.append(dict(parse_qsl(body.decode())))
        environ["wsgi.input"] = BytesIO(body)
        return real(self, environ, start_response)

    monkeypatch.setattr(type(listening.application), "__call__", listen)
    return forms


@pytest.mark.parametrize(
    ("amount", "currency", "sent"),
    [(10_000, "XOF", "10000"), (10_000, "EUR", "10000"), (5_000, "EUR", "5000")],
)
def test_S2_020_francs_have_no_cents_and_euros_do(rig, heard, amount, currency, sent):
    rig.gateway.start(rig.request(f"STRIPE{amount}{currency}", amount, currency))

    price = "line_items[0][price_data]"
    assert heard[0][f"{price}[unit_amount]"] == sent
    assert heard[0][f"{price}[currency]"] == currency.lower()


def test_S2_019_our_ids_travel_with_the_payment(rig, heard):
    rig.gateway.start(rig.request("STRIPEMETADATA"))

    told = {
        "client_id": "7",
        "invoice": "FAC-2026-0042",
        "reference": "STRIPEMETADATA",
        "attempt_id": "12",
    }
    for where in ("metadata", "payment_intent_data[metadata]"):
        head = f"{where}["
        sent = {key[len(head) : -1]: heard[0][key] for key in heard[0] if key.startswith(head)}
        assert sent == told
    assert heard[0]["client_reference_id"] == "STRIPEMETADATA"
    assert heard[0]["success_url"].endswith("/paiement/retour/?transaction_id=STRIPEMETADATA")


def test_the_same_reference_again_is_the_same_session(rig):
    first = rig.gateway.start(rig.request("STRIPEONCEAA"))

    assert rig.gateway.start(rig.request("STRIPEONCEAA")).provider_token == first.provider_token


def test_P53_a_slow_method_is_pending_until_the_money_is_there(rig):
    ref = rig.start("STRIPESLOWAA")
    rig.pay(ref, "pending")
    waiting = rig.gateway.fetch(ref)

    rig.pay(ref, "success")

    assert waiting.state is PayState.PENDING
    assert rig.gateway.fetch(ref).state is PayState.SUCCEEDED


def test_the_fee_and_the_day_of_the_money_are_told(rig):
    ref = rig.start("STRIPEFEEAAA", 10_000, "EUR")
    rig.pay(ref, "success")

    said = rig.gateway.fetch(ref)

    assert (said.fee, said.available_on) == (300, date(2026, 3, 21))
    assert said.money == Money(10_000, "EUR")


def test_a_part_may_be_given_back(rig):
    ref = rig.start("STRIPEPARTAA")
    rig.pay(ref, "success")
    ref = dataclasses.replace(ref, provider_txn_id=rig.gateway.fetch(ref).provider_txn_id)

    rig.gateway.refund(ref, Money(50_000, "XOF"), "partie-1")

    assert rig.server.application.book.find_reference("STRIPEPARTAA").refunded == 50_000
    assert rig.gateway.fetch(ref).state is PayState.SUCCEEDED


def test_an_event_of_a_charge_taken_back_says_so(rig):
    ref = rig.start("STRIPEBACKAA")
    rig.pay(ref, "reversal")

    hint = rig.gateway.authenticate_webhook(rig.raw(rig.notices(ref)[-1]))

    assert (hint.event_type, hint.is_reversal) == ("charge.refunded", True)
    assert hint.merchant_ref == "STRIPEBACKAA"


def test_P55_an_event_that_is_not_ours_names_nobody(rig):
    body = json.dumps({"id": "evt_1", "type": "customer.created", "data": {"object": {}}})
    at = datetime.fromtimestamp(NOON, UTC)
    header = stripe.WebhookSignature.generate_signature_header(body, KEYS.stripe_secret, NOON)
    headers = {"stripe-signature": header}

    hint = rig.gateway.authenticate_webhook(
        RawWebhook("POST", headers, body.encode(), "application/json", "127.0.0.1", at)
    )

    assert (hint.merchant_ref, hint.is_reversal) == ("", False)


@pytest.mark.parametrize("header", ["", "t=1", "v1=0", f"t={NOON},v0=abc", f"t={NOON}"])
def test_a_header_without_a_signature_of_the_scheme_is_refused(rig, header):
    at = datetime.fromtimestamp(NOON, UTC)
    raw = RawWebhook("POST", {"stripe-signature": header}, b"{}", "", "127.0.0.1", at)

    with pytest.raises(WebhookRejected):
        rig.gateway.authenticate_webhook(raw)


def test_a_test_key_and_a_sandbox_are_test_mode(rig):
    live = dataclasses.replace(rig.gateway, base_url="https://api.stripe.com")

    assert rig.gateway.capabilities.test_mode
    assert not live.capabilities.test_mode
    assert dataclasses.replace(live, secret_key="sk_test_x").capabilities.test_mode
