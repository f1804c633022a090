"""One suite for every gateway: what each owes, in front of a fake that is true to its protocol."""

import dataclasses
from datetime import timedelta
from itertools import count

import pytest

from billing.payments.providers.base import (
    GatewayError,
    GatewayMisconfigured,
    GatewayRejected,
    GatewayUnavailable,
    Money,
    NotSupported,
    PayState,
    WebhookRejected,
    WebhookTooLarge,
)
from tests.billing.providers.rigs import NAMES, make_rigs

BODY_SIGNED = ("wave", "stripe")  # CinetPay v2 signs values; the others send a token
numbers = count(1)


@pytest.fixture(params=NAMES)
def rig(request, listening):
    """A gateway and its fake, which answers normally again afterwards."""
    found = make_rigs(listening)[request.param]
    found.fault()
    yield found
    found.fault()


@pytest.fixture
def rig_of(listening):
    """Return a function that gives one gateway and its fake."""
    return make_rigs(listening).__getitem__


@pytest.fixture
def reference():
    """A reference of ours, never used before."""
    return f"NOURX{next(numbers):010d}"


def test_a_payment_opens_a_page_of_the_provider(rig, reference):
    opened = rig.gateway.start(rig.request(reference))

    assert opened.redirect_url.startswith(rig.server.url + "/")
    assert opened.provider_token
    assert bool(opened.notify_secret) is (not rig.is_signed)


def test_what_is_kept_of_a_start_opens_no_payment(rig, reference):
    opened = rig.gateway.start(rig.request(reference))

    kept = repr({name: value for name, value in opened.raw.items() if name != "data"})
    assert opened.redirect_url not in kept
    assert not opened.notify_secret or opened.notify_secret not in kept


def test_an_opened_payment_is_pending(rig, reference):
    ref = rig.start(reference)

    assert rig.gateway.fetch(ref).state is PayState.PENDING


def test_a_payment_accepted_is_told_with_its_whole_amount(rig, reference):
    ref = rig.start(reference)

    rig.pay(ref, "success")

    said = rig.gateway.fetch(ref)
    asked = Money(150_000, "XOF")
    assert said.state is PayState.SUCCEEDED
    assert said.money == (asked if rig.gateway.capabilities.status_reports_amount else None)
    assert said.provider_txn_id


@pytest.mark.parametrize(
    ("story", "states"),
    [
        ("refused", {PayState.FAILED, PayState.PENDING}),
        ("pending", {PayState.PENDING}),
        ("expired", {PayState.EXPIRED}),
    ],
)
def test_a_payment_that_is_not_accepted_never_counts_as_one(rig, reference, story, states):
    ref = rig.start(reference)

    rig.pay(ref, story)

    said = rig.gateway.fetch(ref)
    assert said.state in states
    assert not said.paid_at


@pytest.mark.parametrize("story", ["amount", "currency"])
def test_a_wrong_amount_is_never_told_as_the_one_asked(rig, reference, story):
    ref = rig.start(reference)

    rig.pay(ref, story)

    said = rig.gateway.fetch(ref)
    is_told_wrong = said.money is not None and said.money != ref.money
    assert is_told_wrong or said.state is not PayState.SUCCEEDED or _cannot_know(rig, story)


def _cannot_know(rig, story):
    """Orange never names a currency: the contract is in one alone."""
    return rig.name == "orange-money" and story == "currency"


def test_a_payment_taken_back_is_no_success_or_alerts(rig, reference):
    ref = rig.start(reference)

    rig.pay(ref, "reversal")

    said = rig.gateway.fetch(ref)
    is_blind = rig.name in {"orange-money", "cinetpay-v1"}  # their status has no word for it
    assert is_blind or (said.state is not PayState.SUCCEEDED and said.alert)


def test_a_genuine_notification_names_the_payment(rig, reference):
    ref = rig.start(reference)
    rig.pay(ref, "success")

    hint = rig.gateway.authenticate_webhook(rig.raw(rig.notices(ref)[-1]))

    assert hint.merchant_ref == reference or hint.notify_secret
    assert bool(hint.notify_secret) is (not rig.is_signed)
    assert hint.event_id


def test_the_same_notification_again_has_the_same_event(rig, reference):
    ref = rig.start(reference)
    rig.pay(ref, "success")
    raw = rig.raw(rig.notices(ref)[-1])

    first, second = rig.gateway.authenticate_webhook(raw), rig.gateway.authenticate_webhook(raw)

    assert first == second


def test_notifications_out_of_order_change_nothing_of_what_is_fetched(rig, reference):
    ref = rig.start(reference)
    rig.pay(ref, "disorder")

    hints = [rig.gateway.authenticate_webhook(rig.raw(each)) for each in rig.notices(ref)]

    assert len(hints) >= 2
    assert {hint.merchant_ref for hint in hints} in ({reference}, {""})
    assert rig.gateway.fetch(ref).state is PayState.SUCCEEDED


def test_a_forged_notification_is_refused_or_shows_another_token(rig, reference):
    opened = rig.gateway.start(rig.request(reference))
    ref = dataclasses.replace(rig.start(f"{reference}X"), merchant_ref=f"{reference}X")
    rig.pay(ref, "forged")
    raw = rig.raw(rig.notices(ref)[-1])

    if rig.is_signed:
        with pytest.raises(WebhookRejected):
            rig.gateway.authenticate_webhook(raw)
    else:
        assert rig.gateway.authenticate_webhook(raw).notify_secret != opened.notify_secret


@pytest.mark.parametrize("name", BODY_SIGNED)
def test_a_body_changed_by_one_space_fails(rig_of, name, reference):
    rig = rig_of(name)
    ref = rig.start(reference)
    rig.pay(ref, "success")
    notice = rig.notices(ref)[-1]

    with pytest.raises(WebhookRejected):
        rig.gateway.authenticate_webhook(rig.raw(notice, body=notice.body + b" "))


@pytest.mark.parametrize("minutes", [-6, 6])
@pytest.mark.parametrize("name", BODY_SIGNED)
def test_an_old_signature_or_one_ahead_of_time_fails(rig_of, name, reference, minutes):
    rig = rig_of(name)
    ref = rig.start(reference)
    rig.pay(ref, "success")
    raw = rig.raw(rig.notices(ref)[-1])
    later = raw.received_at + timedelta(minutes=minutes)

    with pytest.raises(WebhookRejected, match="long ago"):
        rig.gateway.authenticate_webhook(dataclasses.replace(raw, received_at=later))


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"\xff\xfe", b"{", b"null", b'{"a":' * 2000], ids=range(6)
)
def test_what_is_no_notification_is_refused(rig, reference, body):
    ref = rig.start(reference)
    rig.pay(ref, "success")

    with pytest.raises(WebhookRejected):
        rig.gateway.authenticate_webhook(rig.raw(rig.notices(ref)[-1], body=body))


def test_a_huge_notification_is_too_large(rig, reference):
    ref = rig.start(reference)
    rig.pay(ref, "success")

    with pytest.raises(WebhookTooLarge):
        rig.gateway.authenticate_webhook(rig.raw(rig.notices(ref)[-1], body=b"x" * 70_000))


def test_a_look_whether_anyone_answers_is_a_ping(rig, reference):
    ref = rig.start(reference)
    rig.pay(ref, "success")

    hint = rig.gateway.authenticate_webhook(rig.raw(rig.notices(ref)[-1], method="GET", body=b""))

    assert hint.is_ping


@pytest.mark.parametrize("kind", ["500", "429", "truncated", "down"])
def test_no_readable_answer_teaches_nothing(rig, reference, kind):
    ref = rig.start(reference)
    rig.gateway.fetch(ref)
    rig.fault(kind=kind, on="check")

    with pytest.raises(GatewayUnavailable):
        rig.gateway.fetch(ref)


def test_two_errors_then_an_answer(rig, reference):
    ref = rig.start(reference)
    rig.pay(ref, "down")

    failures = 0
    for _try in range(4):
        try:
            said = rig.gateway.fetch(ref)
        except GatewayUnavailable:
            failures += 1
        else:
            break

    assert failures >= 2
    assert said.state is PayState.SUCCEEDED


def test_a_start_without_answer_may_exist_all_the_same(rig, reference):
    rig.fault(kind="lost", on="start")

    with pytest.raises(GatewayUnavailable) as caught:
        rig.gateway.start(rig.request(reference))

    assert caught.value.may_exist


def test_a_start_told_twice_opens_one_payment_or_is_refused(rig, reference):
    first = rig.gateway.start(rig.request(reference))

    try:
        second = rig.gateway.start(rig.request(reference))
    except GatewayRejected as error:
        assert error.may_exist
        return

    is_replayed = second.provider_token == first.provider_token
    assert is_replayed or rig.gateway.capabilities.can_expire


def test_a_payment_nobody_opened_is_no_success(rig, reference):
    ref = dataclasses.replace(rig.start(reference), merchant_ref="NOURXJAMAISVU")
    unknown = dataclasses.replace(ref, provider_token="jamais-vu" if ref.provider_token else "")

    try:
        said = rig.gateway.fetch(unknown)
    except GatewayError:
        return
    assert said.state is not PayState.SUCCEEDED


def test_a_payment_of_another_reference_is_no_success(rig, reference):
    ref = rig.start(reference)
    rig.pay(ref, "success")

    said = rig.gateway.fetch(dataclasses.replace(ref, merchant_ref="NOURXUNAUTRE1"))

    assert said.state is not PayState.SUCCEEDED


@pytest.mark.parametrize(
    "money",
    [Money(0, "XOF"), Money(-5, "XOF"), Money(10, "XOF"), Money(10**12, "XOF"), Money(5000, "JPY")],
)
def test_what_the_provider_does_not_take_never_leaves(rig, reference, money):
    with pytest.raises(GatewayRejected):
        rig.gateway.start(rig.request(reference, money.amount, money.currency))


def test_wrong_keys_are_our_fault(rig, reference):
    names = {"api_key", "apikey", "secret_key", "client_secret"}
    name = next(each.name for each in dataclasses.fields(rig.gateway) if each.name in names)
    stranger = dataclasses.replace(rig.gateway, **{name: "une-autre-cle"})

    with pytest.raises(GatewayMisconfigured) as caught:
        stranger.start(rig.request(reference))
    with pytest.raises(GatewayMisconfigured):
        stranger.probe()

    assert "une-autre-cle" not in str(caught.value)


def test_the_harmless_call_passes_with_good_keys(rig):
    rig.gateway.probe()

    assert rig.gateway.check_config() == []


def test_keys_are_in_no_repr(rig):
    secret_names = ("key", "secret", "password")
    values = [
        getattr(rig.gateway, each.name)
        for each in dataclasses.fields(rig.gateway)
        if any(word in each.name for word in secret_names)
    ]

    assert not [value for value in values if str(value) in repr(rig.gateway)]


def test_missing_keys_are_told_in_french(rig):
    empty = {
        each.name: ""
        for each in dataclasses.fields(rig.gateway)
        if each.name.endswith(("key", "secret", "password", "client_id", "site_id"))
    }

    problems = dataclasses.replace(rig.gateway, **empty).check_config()

    assert problems
    assert all("manque" in each or "doit être" in each for each in problems)


def test_a_closed_payment_is_no_longer_paid(rig, reference):
    ref = rig.start(reference)

    if not rig.gateway.capabilities.can_expire:
        with pytest.raises(NotSupported):
            rig.gateway.expire(ref)
        return
    rig.gateway.expire(ref)
    rig.pay(ref, "success")

    assert rig.gateway.fetch(ref).state is PayState.EXPIRED


def test_a_refund_asked_twice_gives_back_once(rig, reference):
    ref = rig.start(reference)
    rig.pay(ref, "success")
    ref = dataclasses.replace(ref, provider_txn_id=rig.gateway.fetch(ref).provider_txn_id)

    if rig.gateway.capabilities.refund == "manual":
        with pytest.raises(NotSupported):
            rig.gateway.refund(ref, ref.money, "cle-1")
        return
    said = [rig.gateway.refund(ref, ref.money, "cle-1") for _time in range(2)]

    deal = rig.server.application.book.find_reference(reference)
    assert [each.state for each in said] == [PayState.SUCCEEDED, PayState.SUCCEEDED]
    assert deal.refunded == 150_000
    assert rig.gateway.fetch(ref).code == "refunded"


def test_more_than_was_paid_is_not_given_back(rig, reference):
    ref = rig.start(reference)
    rig.pay(ref, "success")
    ref = dataclasses.replace(ref, provider_txn_id=rig.gateway.fetch(ref).provider_txn_id)

    with pytest.raises((GatewayRejected, NotSupported)):
        rig.gateway.refund(ref, Money(150_005, "XOF"), "cle-2")


def test_no_key_is_written_in_the_log(rig, reference, caplog):
    ref = rig.start(reference)
    rig.gateway.fetch(ref)

    secrets = [
        str(getattr(rig.gateway, each.name))
        for each in dataclasses.fields(rig.gateway)
        if not each.repr and isinstance(getattr(rig.gateway, each.name), str)
    ]
    assert secrets
    assert not [secret for secret in secrets if secret in caplog.text]
