"""Orange Money and CinetPay v1: tokens they lend, codes they answer, secrets they send."""

import dataclasses

import pytest

from billing.payments.providers.base import (
    GatewayMisconfigured,
    GatewayRejected,
    PayState,
)
from billing.payments.providers.cinetpay.v1 import STATES
from tests.billing.providers.rigs import make_rigs


class Kept(dict):
    """A place for tokens that outlives a gateway."""

    def get(self, name):
        return super().get(name, "")

    def put(self, name, token, *, seconds):
        self[name] = token

    def drop(self, name):
        self.pop(name, None)


@pytest.fixture(params=["cinetpay-v1", "orange-money"])
def rig(request, listening):
    found = make_rigs(listening)[request.param]
    found.gateway = dataclasses.replace(found.gateway, tokens=Kept())
    return found


def test_a_token_is_used_again(rig):
    rig.start(f"TOKEN1{rig.name.upper().replace('-', '')[:8]}")
    before = dict(rig.gateway.tokens)

    rig.gateway.fetch(rig.start(f"TOKEN2{rig.name.upper().replace('-', '')[:8]}"))

    assert dict(rig.gateway.tokens) == before
    assert len(before) == 1


def test_P61_a_token_that_ended_is_asked_for_once_more(rig):
    rig.gateway.tokens.update(dict.fromkeys(_names(rig), "perime"))

    ref = rig.start(f"TOKEN3{rig.name.upper().replace('-', '')[:8]}")

    assert rig.gateway.fetch(ref).state is PayState.PENDING
    assert "perime" not in rig.gateway.tokens.values()


def _names(rig):
    rig.gateway.probe()
    return list(rig.gateway.tokens)


def test_an_address_of_notification_that_is_too_long_never_leaves(rig):
    request = rig.request("TOKENLONGAAA", notify_url="https://nourx.test/" + "x" * 120)

    with pytest.raises(GatewayMisconfigured):
        rig.gateway.start(request)


def test_P61_a_reference_used_before_is_no_payment(listening):
    rig = make_rigs(listening)["cinetpay-v1"]
    rig.start("USEDBEFOREAA")

    with pytest.raises(GatewayRejected) as caught:
        rig.start("USEDBEFOREAA")

    assert (caught.value.code, caught.value.may_exist) == ("1200", True)
    assert "1200" not in STATES


@pytest.mark.parametrize(
    ("key", "base", "asked", "is_trial"),
    [
        ("sk_test_x", "", "https://api.cinetpay.net", True),
        ("sk_autre", "", "https://api.cinetpay.co", False),
        ("sk_autre", "http://127.0.0.1:1", "http://127.0.0.1:1", True),
    ],
)
def test_the_key_of_cinetpay_v1_chooses_the_server(listening, key, base, asked, is_trial):
    gateway = make_rigs(listening)["cinetpay-v1"].gateway

    chosen = dataclasses.replace(gateway, api_key=key, base_url=base)

    assert (chosen.address, chosen.capabilities.test_mode) == (asked, is_trial)


def test_orange_asks_for_units_of_trial_on_its_trial_ground(listening):
    rig = make_rigs(listening)["orange-money"]
    rig.gateway = dataclasses.replace(rig.gateway, country="dev")

    ref = rig.start("ORANGEDEVAAA")

    assert rig.gateway.fetch(ref).state is PayState.PENDING
    assert rig.gateway.capabilities.test_mode


def test_the_amount_of_orange_is_a_question_not_an_answer(listening):
    rig = make_rigs(listening)["orange-money"]
    ref = rig.start("ORANGEAMOUNT")
    rig.pay(ref, "amount")

    said = rig.gateway.fetch(ref)

    assert (said.state, said.money) == (PayState.UNKNOWN, None)
