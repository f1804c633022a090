"""What a CinetPay gateway can do, says of itself, and never lets out."""

import logging

import pytest

from billing.payments.providers.base import (
    AttemptRef,
    Gateway,
    GatewayUnavailable,
    Money,
    NotSupported,
    Payer,
    WebhookRejected,
)
from billing.payments.providers.cinetpay import PRODUCTION_URL, CinetPayGateway
from billing.payments.providers.masking import mask_phone

REF = AttemptRef("INV7F3K2A999", "", "", Money(150_000, "XOF"))
APIKEY, SECRET = "sandbox.0001", "sk_demo_7Qd2-Abidjan-only-for-tests"


def test_it_is_a_gateway_called_cinetpay(gateway):
    assert isinstance(gateway, Gateway)
    assert gateway.code == "cinetpay"


def test_its_capabilities_are_those_of_checkout_v2(gateway):
    able = gateway.capabilities

    assert able.currencies == {"XOF"}
    assert (able.min_amount, able.max_amount) == ({"XOF": 100}, {"XOF": 1_500_000})
    assert able.step == {"XOF": 5}
    assert (able.refund, able.can_expire) == ("manual", False)
    assert (able.webhook_auth, able.status_reports_amount) == ("hmac-fields", True)


@pytest.mark.parametrize(
    ("address", "is_sandbox"),
    [
        (PRODUCTION_URL, False),
        ("https://api-checkout.cinetpay.com/", False),
        ("http://127.0.0.1:8001", True),
        ("https://cinetpay.com.evil.example", True),
    ],
)
def test_any_address_but_cinetpays_own_is_a_trial(make_gateway, address, is_sandbox):
    gateway = make_gateway(base_url=address)

    assert gateway.is_sandbox is is_sandbox
    assert gateway.capabilities.test_mode is is_sandbox


def test_it_neither_closes_nor_refunds(gateway):
    with pytest.raises(NotSupported):
        gateway.expire(REF)
    with pytest.raises(NotSupported):
        gateway.refund(REF, Money(5, "XOF"), "key")


def test_a_return_only_names_a_reference(gateway):
    returned = {"transaction_id": "INV7F3K2A001", "token": "x", "status": "ACCEPTED"}

    assert gateway.parse_return(returned) == "INV7F3K2A001"
    assert gateway.parse_return({}) == ""


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("602", "Le solde du compte est insuffisant. Rechargez-le ou choisissez un autre moyen."),
        ("642", "Le montant dépasse le plafond de ce moyen. Payez en plusieurs fois."),
        ("627", "Le paiement a été annulé ou refusé."),
        ("609", ""),
        ("999", ""),
    ],
)
def test_a_code_is_explained_to_the_payer_when_there_is_something_to_say(gateway, code, words):
    assert gateway.explain(code) == words


def test_good_settings_have_no_problem(gateway, make_gateway):
    assert gateway.check_config() == []
    assert make_gateway(base_url=PRODUCTION_URL).check_config() == []


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"apikey": ""}, "La clé API de CinetPay manque (CINETPAY_APIKEY)."),
        (
            {"site_id": "909001a"},
            "L’identifiant de site CinetPay doit être un nombre (CINETPAY_SITE_ID).",
        ),
        (
            {"secret_key": ""},
            "La clé secrète de CinetPay manque (CINETPAY_SECRET_KEY) : "
            "toutes ses notifications seront refusées.",
        ),
        ({"hmac_mode": "Strict"}, "CINETPAY_HMAC_MODE vaut strict ou observe."),
        (
            {"base_url": "api-checkout.cinetpay.com"},
            "L’adresse de CinetPay n’est pas une adresse web (CINETPAY_BASE_URL).",
        ),
        (
            {"base_url": "http://api-checkout.cinetpay.com"},
            "L’adresse de CinetPay doit commencer par https (CINETPAY_BASE_URL).",
        ),
        (
            {"base_url": f"{PRODUCTION_URL}/v2"},
            "L’adresse de CinetPay s’arrête au nom du serveur, sans /v2 (CINETPAY_BASE_URL).",
        ),
    ],
)
def test_a_wrong_setting_is_named_in_french(make_gateway, change, problem):
    assert make_gateway(**change).check_config() == [problem]


def test_nothing_it_prints_or_logs_holds_a_key_or_a_phone(
    gateway, make_gateway, make_order, server, caplog
):
    caplog.set_level(logging.DEBUG)
    payer = Payer("Koné", "Awa", "a@b.test", "+2250707070700", "Zone 4", "Abidjan", "CI")
    order = make_order(payer=payer)
    gateway.start(order)
    gateway.fetch(REF)
    with pytest.raises(GatewayUnavailable) as lost:
        make_gateway(base_url="http://127.0.0.1:1").start(order)

    said = "\n".join([caplog.text, repr(gateway), str(gateway), repr(lost.value), str(lost.value)])
    for secret in (APIKEY, SECRET, "0707070700"):
        assert secret not in said
    assert "start INV7F3K2A001: code 201" in caplog.messages


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("+2250707070700", "+225 07** ** **00"),
        ("00225 07 07 07 07 00", "+225 07** ** **00"),
        ("0707070700", "07** ** **00"),
        ("+221771234567", "+221 77** * **67"),
        ("1234", "****"),
        ("", ""),
    ],
)
def test_a_phone_number_keeps_two_digits_at_each_end(number, masked):
    assert mask_phone(number) == masked


def test_a_notification_of_the_sandbox_is_understood(gateway, start, pay, sandbox, merchant):
    ref = start()
    pay(ref, "00")
    sandbox.advance(0)

    ping, told = (gateway.authenticate_webhook(each.raw) for each in merchant.heard)

    assert ping.is_ping
    assert (told.merchant_ref, told.scheme) == (ref.merchant_ref, "canonical")


def test_a_forged_notification_of_the_sandbox_is_refused(gateway, start, pay, sandbox, merchant):
    pay(start(), "16")
    sandbox.advance(0)

    with pytest.raises(WebhookRejected):
        gateway.authenticate_webhook(merchant.posts[0].raw)


@pytest.mark.parametrize("mutate", ["extra_field", "shuffle", "latin1", "replay_old", ""])
def test_a_harmless_change_is_accepted(gateway, start, pay, control, merchant, mutate):
    ref = start(description="Maintenance année 2026")
    pay(ref, "00")
    control("flush")
    merchant.heard.clear()

    control("notify", transaction_id=ref.merchant_ref, mutate=mutate)

    assert gateway.authenticate_webhook(merchant.posts[0].raw).merchant_ref == ref.merchant_ref


@pytest.mark.parametrize(
    "mutate",
    [
        "amount",
        "drop_field",
        "bad_token",
        "no_token",
        "upper_token",
        "json_body",
        "boundary_shift",
    ],
)
def test_a_harmful_change_is_refused(gateway, start, pay, control, merchant, mutate):
    ref = start()
    pay(ref, "00")
    control("flush")
    merchant.heard.clear()

    control("notify", transaction_id=ref.merchant_ref, mutate=mutate)

    with pytest.raises(WebhookRejected):
        gateway.authenticate_webhook(merchant.posts[0].raw)


def test_two_gateways_with_the_same_keys_are_equal_and_frozen(gateway, make_gateway):
    assert gateway == make_gateway()
    with pytest.raises(AttributeError):
        gateway.apikey = "other"
    assert isinstance(gateway, CinetPayGateway)
