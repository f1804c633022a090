"""What each phone number makes happen: stages, times, and notifications."""

import threading

import pytest
import requests

from billing.payments.sandbox.checkout import RACE
from billing.payments.sandbox.scenarios import Phone, read_phone, scenario_key


def stage(sandbox, ref):
    return sandbox.find(ref.merchant_ref).stage.name


def notified(sandbox, merchant, seconds):
    """Let some seconds pass and return what the merchant was told meanwhile."""
    merchant.heard.clear()
    sandbox.advance(seconds)
    return merchant.words


@pytest.mark.parametrize(
    ("typed", "phone"),
    [
        ("07 07 07 07 00", Phone("225", "0707070700")),
        ("+225 07 07 07 07 00", Phone("225", "0707070700")),
        ("00225-0505050500", Phone("225", "0505050500")),
        ("77 000 00 01", Phone("221", "770000001")),
        ("+221771234567", Phone("221", "771234567")),
        ("0807070700", None),
        ("070707070", None),
        ("+33612345678", None),
        ("", None),
    ],
)
def test_a_number_is_read_with_its_country_or_not_at_all(typed, phone):
    assert read_phone(typed) == phone


@pytest.mark.parametrize(
    ("number", "key"),
    [
        ("0707070701", "01"),
        ("0707070717", "17"),
        ("0707070702", ""),
        ("0712345601", ""),
        ("770000013", "13"),
        ("771234513", ""),
    ],
)
def test_only_the_numbers_of_the_table_choose_a_scenario(number, key):
    assert scenario_key(read_phone(number)) == key


@pytest.mark.parametrize(
    ("key", "stages"),
    [
        ("00", {0: "ACCEPTED", 600: "ACCEPTED"}),
        ("01", {0: "ON_PHONE", 19: "ON_PHONE", 20: "ACCEPTED"}),
        ("03", {0: "REFUSED", 600: "REFUSED"}),
        ("04", {0: "ON_PHONE", 20: "REFUSED"}),
        ("05", {0: "NO_BALANCE"}),
        ("06", {0: "ON_PHONE", 86_400: "ON_PHONE"}),
        ("10", {0: "ACCEPTED"}),
        ("11", {0: "ACCEPTED"}),
        ("12", {0: "ACCEPTED"}),
        ("13", {0: "REFUSED", 59: "REFUSED", 60: "ACCEPTED"}),
        ("14", {0: "ACCEPTED"}),
        ("15", {0: "ACCEPTED"}),
        ("16", {0: "ACCEPTED"}),
        ("17", {0: "ACCEPTED"}),
    ],
)
def test_a_number_leads_through_its_stages(start, pay, sandbox, key, stages):
    ref = start()
    pay(ref, key)
    seen, passed = {}, 0

    for moment in stages:
        sandbox.advance(moment - passed)
        seen[moment], passed = stage(sandbox, ref), moment

    assert seen == stages


def test_the_first_thing_a_merchant_hears_is_an_empty_get(start, sandbox, merchant):
    start()

    sandbox.advance(0)

    assert [(each.method, each.path, each.body) for each in merchant.heard] == [
        ("GET", "/notification/", b"")
    ]


@pytest.mark.parametrize(
    ("key", "seconds", "words"),
    [
        ("00", 0, ["SUCCES"]),
        ("01", 20, ["WAITING_FOR_CUSTOMER", "SUCCES"]),
        ("03", 0, ["TRANSACTION_CANCEL"]),
        ("04", 20, ["WAITING_FOR_CUSTOMER", "TRANSACTION_CANCEL"]),
        ("05", 0, ["INSUFFICIENT_BALANCE"]),
        ("06", 3600, ["WAITING_FOR_CUSTOMER"]),
        ("10", 1, ["SUCCES", "SUCCES"]),
        ("10", 2, ["SUCCES", "SUCCES", "SUCCES"]),
        ("11", 1, ["SUCCES"]),
        ("11", 2, ["SUCCES", "WAITING_FOR_CUSTOMER"]),
        ("12", 86_400, []),
        ("13", 60, ["TRANSACTION_CANCEL", "SUCCES"]),
        ("14", 0, ["SUCCES"]),
        ("15", 0, ["SUCCES"]),
        ("17", 0, ["SUCCES"]),
    ],
)
def test_a_number_has_its_notifications(start, pay, sandbox, merchant, key, seconds, words):
    pay(start(), key)

    assert notified(sandbox, merchant, seconds) == words


def test_the_three_notifications_are_the_same_bytes(start, pay, sandbox, merchant):
    pay(start(), "10")

    sandbox.advance(2)

    assert len({each.body for each in merchant.posts}) == 1
    assert len({each.headers["x-token"] for each in merchant.posts}) == 1


def test_nothing_is_sent_while_the_clock_stands_still(start, pay, merchant):
    pay(start(), "00")

    assert merchant.heard == []


def test_a_notification_not_received_is_sent_again_later(start, pay, sandbox, merchant):
    pay(start(), "00")
    merchant.answers[:] = [200, 500, 503]

    counts = []
    for seconds in (0, 9, 1, 60, 600):
        sandbox.advance(seconds)
        counts.append(len(merchant.posts))

    assert counts == [1, 1, 2, 3, 3]


def test_a_notification_never_received_is_given_up_after_four_times(start, pay, sandbox, merchant):
    pay(start(), "00")
    merchant.answers[:] = [200, *[500] * 9]

    sandbox.advance(86_400)

    assert len(merchant.posts) == 4


def test_the_race_is_told_before_the_page_and_once_more_on_the_way_back(
    start, server, sandbox, merchant
):
    ref = start()
    page = f"{server.url}/payment/{ref.provider_token}"
    form = {"operator": "MOMO", "phone": "0707070715"}

    requests.post(f"{page}/pay", data=form, allow_redirects=False, timeout=5)
    before_the_page = len(merchant.posts)
    requests.get(page, timeout=5)
    requests.get(page, timeout=5)
    for thread in threading.enumerate():
        if thread.name == RACE:
            thread.join()

    queued = [each for each in sandbox.outbox.notices if each.method == "POST"]
    assert (before_the_page, len(merchant.posts)) == (1, 2)
    assert [each.label for each in queued] == ["ACCEPTED", "ACCEPTED"]


def test_senegal_has_the_same_scenarios_and_its_own_prefix(start, sandbox, server):
    ref = start()
    form = {"operator": "OM", "phone": "77 000 00 03"}

    requests.post(f"{server.url}/payment/{ref.provider_token}/pay", data=form, timeout=5)

    payment = sandbox.find(ref.merchant_ref)
    assert (payment.stage.name, payment.prefix, payment.phone) == ("REFUSED", "221", "770000003")
