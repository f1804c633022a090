"""Wave: how its signature is made, and what its words mean."""

import dataclasses
import json
from datetime import UTC, datetime

import pytest

from billing.payments.providers.base import PayState, RawWebhook, WebhookRejected
from billing.payments.providers.wave import WaveGateway
from tests.billing.providers.rigs import make_rigs

SIGNED_AT = 1773483725
BODY = (
    b'{"id":"AE_demo1","type":"checkout.session.completed","data":{"id":"cos-demo1",'
    b'"amount":"150000","currency":"XOF","checkout_status":"complete",'
    b'"payment_status":"succeeded","client_reference":"INV7F3K2A01","transaction_id":"TDEMO1"}}'
)
MAC = "d73942a65bf1c2d04c5d52865b82332d876d31bb433555c816875375fe24ab1a"
WITH_A_DOT = "158dd109e66e22b326564d2911cd8a3365ae5a4b23ac74838e8567c1a1c37040"
GATEWAY = WaveGateway(api_key="cle", webhook_secret="wave_sn_WHS_demo_only")


def notice(header, *, seconds=0, name="wave-signature"):
    at = datetime.fromtimestamp(SIGNED_AT + seconds, UTC)
    return RawWebhook("POST", {name: header}, BODY, "application/json", "127.0.0.1", at)


@pytest.mark.parametrize(
    "header", [f"t={SIGNED_AT},v1={MAC}", f"t={SIGNED_AT},v1={'0' * 64},v1={MAC}"]
)
def test_P49_a_genuine_signature_is_accepted_and_during_a_change_of_secret(header):
    hint = GATEWAY.authenticate_webhook(notice(header))

    assert (hint.merchant_ref, hint.event_id) == ("INV7F3K2A01", "AE_demo1")


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (f"t={SIGNED_AT},v1={WITH_A_DOT}", 0),
        (f"t={SIGNED_AT},v1={MAC}", 301),
        (f"t={SIGNED_AT},v1={MAC}", -301),
        (f"t={SIGNED_AT},v1={MAC.upper()}", 0),
        (f"t=demain,v1={MAC}", 0),
        (f"v1={MAC}", 0),
        ("", 0),
        ("t=1773483725,v1=é", 0),
    ],
)
def test_P49_any_other_signature_is_refused(header, seconds):
    with pytest.raises(WebhookRejected):
        GATEWAY.authenticate_webhook(notice(header, seconds=seconds))


def test_the_shared_secret_of_waves_other_strategy_is_accepted():
    header = "Bearer wave_sn_WHS_demo_only"

    assert GATEWAY.authenticate_webhook(notice(header, name="authorization")).merchant_ref
    with pytest.raises(WebhookRejected):
        GATEWAY.authenticate_webhook(notice("Bearer autre", name="authorization"))


def test_P27_without_a_secret_of_ours_nothing_is_accepted():
    bare = dataclasses.replace(GATEWAY, webhook_secret="")

    with pytest.raises(WebhookRejected):
        bare.authenticate_webhook(notice("Bearer ", name="authorization"))


def test_P50_a_payment_refused_then_paid_in_the_same_session_is_paid(listening):
    rig = make_rigs(listening)["wave"]
    ref = rig.start("WAVEP50AAAA")

    rig.pay(ref, "refused")
    first = rig.gateway.fetch(ref)
    rig.pay(ref, "success")

    assert (first.state, first.code) == (PayState.PENDING, "insufficient-funds")
    assert "solde" in rig.gateway.explain(first.code)
    assert rig.gateway.fetch(ref).state is PayState.SUCCEEDED


def test_P18_francs_are_sent_whole_as_text(listening):
    rig = make_rigs(listening)["wave"]

    opened = rig.gateway.start(rig.request("WAVEP18AAAA", 50_000))

    assert opened.raw["amount"] == "50000"
    assert opened.redirect_url.startswith(listening.url)


def test_a_session_whose_start_was_never_answered_is_found_by_its_reference(listening):
    rig = make_rigs(listening)["wave"]
    ref = rig.start("WAVELOSTAAAA")
    rig.pay(ref, "success")

    said = rig.gateway.fetch(dataclasses.replace(ref, provider_token=""))

    assert said.state is PayState.SUCCEEDED
    assert json.dumps(dict(said.raw)).count("wave_launch_url") == 0
