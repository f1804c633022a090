"""Asking CinetPay how a payment stands, and everything it may answer instead."""

import json
from datetime import UTC, datetime

import pytest

from billing.payments.providers.base import (
    AttemptRef,
    GatewayUnavailable,
    Money,
    PayState,
)

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)
PAID = {
    "amount": "150000",
    "currency": "XOF",
    "status": "ACCEPTED",
    "payment_method": "OM",
    "description": "Facture FAC-2026-0042",
    "metadata": None,
    "operator_id": "MP260314.1022.A00001",
    "payment_date": "2026-03-14 10:22:41",
    "fund_availability_date": "2026-03-16 00:00:00",
}
REF = AttemptRef("INV7F3K2A999", "", "", Money(150_000, "XOF"))


@pytest.fixture
def answer(server):
    """Have the sandbox answer checks with these words."""

    def act(code="00", message="SUCCES", status=200, **envelope):
        body = json.dumps({"code": code, "message": message, **envelope})
        server.application.faults.set(
            {"kind": "reply", "on": "check", "status": status, "body": body}
        )

    return act


def test_a_payment_not_yet_opened_is_pending(gateway, start):
    snapshot = gateway.fetch(start())

    assert (snapshot.state, snapshot.code, snapshot.alert) == (PayState.PENDING, "201", "")


def test_a_paid_payment_is_told_with_amount_method_and_moment(gateway, start, pay):
    ref = start()
    pay(ref, "00", operator="OM")

    snapshot = gateway.fetch(ref)

    assert snapshot.state is PayState.SUCCEEDED
    assert snapshot.money == Money(150_000, "XOF")
    assert (snapshot.method, snapshot.code, snapshot.alert) == ("OM", "00", "")
    assert snapshot.message == "SUCCES ACCEPTED"
    assert snapshot.paid_at == NOON
    assert snapshot.provider_txn_id.startswith("OM.")


def test_waiting_and_then_accepted_is_paid(gateway, start, pay, sandbox):
    ref = start()
    pay(ref, "01")
    before = gateway.fetch(ref)

    sandbox.advance(20)

    assert (before.state, before.code) == (PayState.PENDING, "623")
    assert before.message == "WAITING_CUSTOMER_TO_VALIDATE WAITING_FOR_CUSTOMER"
    assert gateway.fetch(ref).state is PayState.SUCCEEDED


def test_refused_and_then_accepted_is_paid(gateway, start, pay, sandbox):
    ref = start()
    pay(ref, "13")
    before = gateway.fetch(ref)

    sandbox.advance(60)

    assert (before.state, before.code) == (PayState.FAILED, "627")
    assert gateway.fetch(ref).state is PayState.SUCCEEDED


@pytest.mark.parametrize(
    ("key", "code"), [("03", "627"), ("05", "602")], ids=["refused", "no balance"]
)
def test_a_refusal_is_failed_with_words_for_the_payer(gateway, start, pay, key, code):
    ref = start()
    pay(ref, key)

    snapshot = gateway.fetch(ref)

    assert (snapshot.state, snapshot.code) == (PayState.FAILED, code)
    assert snapshot.paid_at is None
    assert snapshot.provider_txn_id == ""


def test_a_smaller_amount_is_reported_and_told(gateway, start, pay):
    ref = start()
    pay(ref, "14")

    snapshot = gateway.fetch(ref)

    assert snapshot.money == Money(149_500, "XOF")
    assert snapshot.alert == "CinetPay annonce 149500 XOF au lieu de 150000 XOF."


@pytest.mark.parametrize(
    ("amount", "currency", "money"),
    [
        ("500", "XOF", Money(500, "XOF")),
        ("150000", "XAF", Money(150_000, "XAF")),
        ("200000", "XOF", Money(200_000, "XOF")),
    ],
)
def test_another_amount_or_currency_is_reported_and_told(gateway, answer, amount, currency, money):
    answer(data=PAID | {"amount": amount, "currency": currency})

    snapshot = gateway.fetch(REF)

    assert snapshot.money == money
    assert snapshot.alert == f"CinetPay annonce {amount} {currency} au lieu de 150000 XOF."


@pytest.mark.parametrize("amount", ["150000", " 150000", "150000 ", "150000.00", 150000])
def test_a_plainly_whole_amount_is_read(gateway, answer, amount):
    answer(data=PAID | {"amount": amount})

    snapshot = gateway.fetch(REF)

    assert (snapshot.money, snapshot.alert) == (Money(150_000, "XOF"), "")


def test_a_number_with_a_point_is_read_without_becoming_a_float(gateway, server):
    body = json.dumps({"code": "00", "data": PAID}).replace('"150000"', "150000.00")
    server.application.faults.set({"kind": "reply", "body": body})

    assert gateway.fetch(REF).money == Money(150_000, "XOF")


@pytest.mark.parametrize(
    "amount",
    ["150 000", "1e5", "150000.50", "150,000", "", "-150000", "+150000", "0x10", "١٥٠", None, True],
)
def test_an_amount_that_is_not_plainly_whole_is_none_and_told(gateway, answer, amount):
    answer(data=PAID | {"amount": amount})

    snapshot = gateway.fetch(REF)

    assert snapshot.state is PayState.SUCCEEDED
    assert snapshot.money is None
    assert snapshot.alert.endswith("au lieu de 150000 XOF.")


@pytest.mark.parametrize(
    ("code", "status"), [("00", "REFUSED"), ("627", "ACCEPTED"), ("999", "ACCEPTED")]
)
def test_contradictions_and_new_codes_stay_pending_and_are_told(gateway, answer, code, status):
    answer(code=code, data=PAID | {"status": status})

    snapshot = gateway.fetch(REF)

    assert snapshot.state is PayState.PENDING
    assert snapshot.alert == (
        f"CinetPay répond le code {code} avec le statut {status} : à vérifier."
    )


def test_the_code_with_two_meanings_stays_pending_and_is_told(gateway, answer):
    answer(code="664", data=PAID | {"status": "PENDING"})

    snapshot = gateway.fetch(REF)

    assert snapshot.state is PayState.PENDING
    assert snapshot.alert == "CinetPay répond le code 664 : une personne doit regarder."


@pytest.mark.parametrize(
    "envelope", [{}, {"data": []}, {"data": None}, {"data": {}}, {"data": "x"}]
)
@pytest.mark.parametrize("code", ["00", "627", "999", "", "624"])
def test_an_answer_without_data_teaches_nothing(gateway, answer, envelope, code):
    answer(code=code, **envelope)

    snapshot = gateway.fetch(REF)

    assert (snapshot.state, snapshot.money, snapshot.alert) == (PayState.UNKNOWN, None, "")


def test_an_unknown_reference_teaches_nothing(gateway):
    assert gateway.fetch(REF).state is PayState.UNKNOWN


@pytest.mark.parametrize(
    ("keys", "code"), [({"apikey": "wrong"}, "609"), ({"site_id": "1"}, "613")]
)
def test_refused_keys_teach_nothing_of_the_payment_and_are_told(make_gateway, start, keys, code):
    snapshot = make_gateway(**keys).fetch(start())

    assert (snapshot.state, snapshot.code) == (PayState.UNKNOWN, code)
    assert snapshot.alert == f"CinetPay refuse nos demandes (code {code}) : vérifiez les clés."


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "html"},
        {"kind": "429"},
        {"kind": "500"},
        {"kind": "down"},
        {"kind": "lost"},
        {"kind": "truncated"},
        {"kind": "timeout", "seconds": 5},
        {"kind": "reply", "body": ""},
        {"kind": "reply", "body": "null"},
        {"kind": "reply", "body": "[" * 100_000},
        {"kind": "reply", "body": '"' + "a" * 300_000 + '"'},
        {"kind": "reply", "status": 302, "body": ""},
        {"kind": "reply", "body": '{"code":"429","message":"TOO_MANY_REQUEST"}'},
        {"kind": "reply", "status": 503, "body": '{"code":"00","message":"SUCCES"}'},
    ],
    ids=lambda fault: f"{fault['kind']} {fault.get('body', '')[:12]}",
)
def test_no_readable_answer_is_unavailable_and_passes(make_gateway, start, pay, server, fault):
    ref = start()
    pay(ref, "00")
    server.application.faults.set(fault | {"times": 1})
    gateway = make_gateway(read_timeout=0.2)

    with pytest.raises(GatewayUnavailable):
        gateway.fetch(ref)

    assert gateway.fetch(ref).state is PayState.SUCCEEDED


def test_a_broken_certificate_is_unavailable(make_gateway, server):
    gateway = make_gateway(base_url=server.url.replace("http:", "https:"))

    with pytest.raises(GatewayUnavailable, match="SSLError"):
        gateway.fetch(REF)


def test_a_check_that_fails_three_times_and_then_answers(gateway, start, pay):
    ref = start()
    pay(ref, "17")

    for _ in range(3):
        with pytest.raises(GatewayUnavailable):
            gateway.fetch(ref)

    assert gateway.fetch(ref).state is PayState.SUCCEEDED


def test_a_reversed_payment_is_told_and_nothing_else(gateway, start, pay, control):
    ref = start()
    pay(ref, "00")
    control("decide", transaction_id=ref.merchant_ref, decision="reverse")

    snapshot = gateway.fetch(ref)

    assert snapshot.state is PayState.UNKNOWN
    assert snapshot.alert == "CinetPay signale un remboursement (code 660)."


def test_what_is_kept_of_an_answer_has_no_whole_phone_number(gateway, answer):
    answer(data=PAID | {"phone_number": "0707070700", "phone_prefix": "225"})

    snapshot = gateway.fetch(REF)

    assert snapshot.payer_phone == "+225 07** ** **00"
    assert snapshot.raw["data"]["phone_number"] == "07** ** **00"
    assert "0707070700" not in json.dumps(snapshot.raw)


def test_words_no_database_accepts_are_cleaned(gateway, server):
    body = '{"code":"00","message":"SUC\\u0000CES","data":{"status":"\\ud800","amount":"1"}}'
    server.application.faults.set({"kind": "reply", "body": body})

    snapshot = gateway.fetch(REF)

    assert snapshot.message == "SUCCES ?"
    assert snapshot.raw["message"] == "SUCCES"
    assert snapshot.raw["data"]["status"] == "?"


def test_a_payment_whose_start_was_lost_is_found_by_asking(gateway, make_order, server, pay):
    order = make_order()
    ref = AttemptRef(order.merchant_ref, "", "", order.money)
    server.application.faults.set({"kind": "lost", "on": "start", "times": 1})

    with pytest.raises(GatewayUnavailable) as lost:
        gateway.start(order)
    pay(ref, "00")

    assert lost.value.may_exist
    assert gateway.fetch(ref).state is PayState.SUCCEEDED
