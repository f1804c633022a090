"""Opening a CinetPay payment page: what is sent, what is refused, what goes wrong."""

import json
from dataclasses import replace

import pytest

from billing.payments.providers.base import (
    GatewayMisconfigured,
    GatewayRejected,
    GatewayUnavailable,
    Payer,
)
from billing.payments.providers.cinetpay.payload import (
    build_start_body,
    clean_description,
    payer_fields,
)

AMINATA = Payer(
    name="Koné",
    surname="Aminata",
    email="aminata@akwaba.test",
    phone_e164="+2250712345678",
    address="Zone 4, rue du Canal",
    city="Abidjan",
    country="ci",
)


def refuse(server, code, message="", description="", status=400):
    """Have the sandbox answer starts with an error envelope."""
    body = json.dumps({"code": code, "message": message, "description": description})
    server.application.faults.set({"kind": "reply", "on": "start", "status": status, "body": body})


def test_a_start_returns_the_page_and_its_token(gateway, make_order, server, sandbox):
    result = gateway.start(make_order())

    payment = sandbox.find("INV7F3K2A001")
    assert result.redirect_url == f"{server.url}/payment/{payment.token}"
    assert result.provider_token == payment.token
    assert (payment.amount, payment.currency) == (150_000, "XOF")
    assert (payment.metadata, payment.channels, payment.lang) == ("att_01", "ALL", "fr")


def test_fifty_thousand_francs_are_sent_as_fifty_thousand(gateway, make_order, sandbox):
    gateway.start(make_order(50_000))

    assert sandbox.find("INV7F3K2A001").amount == 50_000


@pytest.mark.parametrize("amount", [100, 105, 1_475_000, 1_500_000])
def test_amounts_at_the_limits_are_accepted(gateway, make_order, sandbox, amount):
    gateway.start(make_order(amount))

    assert sandbox.find("INV7F3K2A001").amount == amount


@pytest.mark.parametrize(
    ("amount", "currency", "message"),
    [
        (95, "XOF", "Ce montant est trop faible pour être payé en ligne."),
        (0, "XOF", "Ce montant est trop faible pour être payé en ligne."),
        (-5, "XOF", "Ce montant est trop faible pour être payé en ligne."),
        (1_500_005, "XOF", "Ce montant dépasse le plafond. Payez en plusieurs fois."),
        (11_799, "XOF", "Ce paiement n’a pas pu être préparé. Notre équipe va vous répondre."),
        (5_000, "EUR", "Ce paiement n’a pas pu être préparé. Notre équipe va vous répondre."),
        (5_000.0, "XOF", "Ce paiement n’a pas pu être préparé. Notre équipe va vous répondre."),
        (True, "XOF", "Ce paiement n’a pas pu être préparé. Notre équipe va vous répondre."),
    ],
)
def test_an_amount_against_the_rules_never_leaves(
    gateway, make_order, sandbox, amount, currency, message
):
    with pytest.raises(GatewayRejected) as refused:
        gateway.start(make_order(amount, currency))

    assert str(refused.value.payer_message) == message
    assert not refused.value.may_exist
    assert sandbox.list_payments() == []


@pytest.mark.parametrize("reference", ["", "SHORT", "inv7f3k2a01", "A" * 21, "INV 7F3K2A01"])
def test_a_reference_of_the_wrong_shape_never_leaves(gateway, make_order, sandbox, reference):
    with pytest.raises(GatewayRejected):
        gateway.start(make_order(merchant_ref=reference))

    assert sandbox.list_payments() == []


@pytest.mark.parametrize("metadata", ['{"a": 1}', "[1]", '  {"a": 1}'])
def test_metadata_that_looks_like_json_never_leaves(gateway, make_order, sandbox, metadata):
    with pytest.raises(GatewayRejected):
        gateway.start(make_order(metadata=metadata))

    assert sandbox.list_payments() == []


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("Facture FAC-2026-0042", "Facture FAC-2026-0042"),
        ("Konaté & Fils", "Konaté et Fils"),
        ("N°12 / lot #3 : 50 $ net_à_payer", "N°12 lot 3 : 50 net à payer"),
        ("Refonte « Élan » 🚀 n°2", "Refonte « Élan » n°2"),
        ("Acompte 30 %", "Acompte 30 %"),
        ("ligne\ncoupée\x00 et\ttabulée", "ligne coupée et tabulée"),
        ("🚀", "Paiement"),
        ("", "Paiement"),
        ("a" * 150, "a" * 100),
    ],
)
def test_a_description_keeps_only_what_cinetpay_accepts(text, sent):
    assert clean_description(text) == sent


def test_a_payer_known_whole_may_pay_by_card(gateway, make_order, sandbox):
    gateway.start(make_order(payer=AMINATA))

    assert sandbox.find("INV7F3K2A001").customer == {
        "customer_name": "Koné",
        "customer_surname": "Aminata",
        "customer_email": "aminata@akwaba.test",
        "customer_phone_number": "+2250712345678",
        "customer_address": "Zone 4, rue du Canal",
        "customer_city": "Abidjan",
        "customer_country": "CI",
        "customer_state": "CI",
        "customer_zip_code": "00225",
    }


@pytest.mark.parametrize("missing", ["email", "phone_e164", "address", "city", "country"])
def test_a_payer_known_in_part_is_sent_by_name_only(missing):
    payer = replace(AMINATA, **{missing: " "})

    assert payer_fields(payer) == {"customer_name": "Koné", "customer_surname": "Aminata"}


def test_no_postcode_is_made_up_where_there_are_some():
    assert "customer_zip_code" not in payer_fields(replace(AMINATA, country="FR"))


def test_an_unknown_payer_is_not_sent_at_all():
    assert payer_fields(Payer()) == {}


def test_the_body_holds_no_empty_customer_and_a_known_language(make_order):
    body = build_start_body(make_order(lang="wo"))

    assert body["lang"] == "fr"
    assert not [name for name in body if name.startswith("customer")]


@pytest.mark.parametrize(
    ("keys", "code"), [({"apikey": "wrong"}, "609"), ({"site_id": "909002"}, "613")]
)
def test_wrong_keys_hide_the_method_and_tell_the_team(make_gateway, make_order, keys, code):
    with pytest.raises(GatewayMisconfigured) as refused:
        make_gateway(**keys).start(make_order())

    assert (refused.value.code, refused.value.alert) == (code, True)
    assert str(refused.value.payer_message) == (
        "Ce moyen de paiement est momentanément indisponible. "
        "Choisissez-en un autre ou écrivez-nous."
    )


def test_a_processing_error_at_start_is_about_our_keys(gateway, make_order, server):
    refuse(server, "624", "An error occurred while processing the request")

    with pytest.raises(GatewayMisconfigured) as refused:
        gateway.start(make_order())

    assert refused.value.code == "624"


@pytest.mark.parametrize("code", ["608", "610", "612", "618", "630", "777"])
def test_a_request_cinetpay_does_not_like_is_our_fault_and_told(gateway, make_order, server, code):
    refuse(server, code, "MINIMUM_REQUIRED_FIELDS", "notify_url is required")

    with pytest.raises(GatewayRejected) as refused:
        gateway.start(make_order())

    assert (refused.value.code, refused.value.alert) == (code, True)
    assert not refused.value.may_exist
    assert str(refused.value) == f"{code} MINIMUM_REQUIRED_FIELDS: notify_url is required"


def test_a_reference_used_before_says_to_ask_first(gateway, make_order):
    order = make_order()
    gateway.start(order)

    with pytest.raises(GatewayRejected) as refused:
        gateway.start(order)

    assert refused.value.may_exist


@pytest.mark.parametrize(
    ("fault", "may_exist", "retry_after"),
    [
        ({"kind": "429"}, False, 60),
        ({"kind": "500"}, True, 0),
        ({"kind": "down"}, True, 0),
        ({"kind": "truncated"}, True, 0),
        ({"kind": "timeout", "seconds": 5}, True, 0),
        ({"kind": "html"}, False, 0),
        ({"kind": "reply", "body": "<h1>Bonjour</h1>"}, True, 0),
        ({"kind": "reply", "body": '{"code":"201","message":"CREATED"}'}, True, 0),
        ({"kind": "reply", "body": '{"code":"201","data":{"payment_url":"x"}}'}, True, 0),
        ({"kind": "reply", "body": '{"code":"201","data":[1]}'}, True, 0),
    ],
)
def test_no_readable_answer_says_whether_the_payment_may_exist(
    make_gateway, make_order, server, fault, may_exist, retry_after
):
    server.application.faults.set(fault)

    with pytest.raises(GatewayUnavailable) as lost:
        make_gateway(read_timeout=0.2).start(make_order())

    assert lost.value.may_exist is may_exist
    assert lost.value.retry_after == retry_after
    assert str(lost.value.payer_message) == (
        "Le service de paiement ne répond pas pour le moment. Réessayez dans quelques minutes."
    )


def test_nobody_listening_means_the_payment_does_not_exist(make_gateway, make_order):
    with pytest.raises(GatewayUnavailable) as lost:
        make_gateway(base_url="http://127.0.0.1:1").start(make_order())

    assert not lost.value.may_exist


def test_a_blocked_browser_name_is_a_setting_to_mend(gateway, make_order, server):
    page = "<!DOCTYPE html><title>Access denied</title><p>error code: 1010</p>"
    server.application.faults.set(
        {"kind": "reply", "status": 403, "body": page, "content_type": "text/html"}
    )

    with pytest.raises(GatewayMisconfigured) as refused:
        gateway.start(make_order())

    assert refused.value.code == "1010"


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/payment/x",
        "https://cinetpay.com.evil.example/x",
        "http://127.0.0.1:1/payment/x",
        "https://127.0.0.1/payment/x",
        "javascript:alert(1)",
        "//evil.example/x",
        "/payment/x",
        "https://checkout.cinetpay.com/payment/x",
        "",
    ],
)
def test_a_payment_page_elsewhere_is_refused(gateway, make_order, server, url):
    body = json.dumps({"code": "201", "data": {"payment_token": "t", "payment_url": url}})
    server.application.faults.set({"kind": "reply", "on": "start", "body": body})

    with pytest.raises(GatewayMisconfigured, match="foreign host"):
        gateway.start(make_order())
