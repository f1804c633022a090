"""CinetPay's x-token: the published vectors, and every way it must not be read."""

from urllib.parse import urlencode

import pytest

from billing.payments.providers.base import RawWebhook, WebhookRejected, WebhookTooLarge
from billing.payments.providers.cinetpay import CinetPayGateway
from billing.payments.providers.cinetpay.signature import read_form, sign

SECRET = "sk_demo_7Qd2-Abidjan-only-for-tests"
FORM = "application/x-www-form-urlencoded"

COMMON = {
    "cpm_site_id": "909001",
    "cpm_trans_id": "INV7F3K2A01",
    "cpm_trans_date": "2026-03-14 10:22:05",
    "cpm_amount": "150000",
    "cpm_currency": "XOF",
    "signature": "b1946ac92492d2347c6235b4d2611184e8a1f0c2",
    "payment_method": "OM",
    "cel_phone_num": "0707070700",
    "cpm_phone_prefixe": "225",
    "cpm_language": "fr",
    "cpm_version": "V4",
    "cpm_payment_config": "SINGLE",
    "cpm_page_action": "PAYMENT",
    "cpm_custom": "att_01",
    "cpm_designation": "Facture F-2026-0012",
    "cpm_error_message": "SUCCES",
}
V1 = urlencode(COMMON)
V2 = urlencode(
    COMMON
    | {
        "cpm_trans_id": "INV7F3K2A02",
        "cpm_amount": "75500",
        "payment_method": "MOMO",
        "cel_phone_num": "0505050500",
        "cpm_custom": "Société Koné & Fils — Côte d’Ivoire",
        "cpm_designation": "Refonte du site « Élan » 🚀 n°2",
    }
)
V3 = urlencode(
    COMMON
    | {
        "cpm_trans_id": "INV7F3K2A03",
        "cpm_amount": "5000",
        "payment_method": "",
        "cel_phone_num": "",
        "cpm_phone_prefixe": "",
        "cpm_custom": "",
        "cpm_error_message": "WAITING_FOR_CUSTOMER",
    }
)
V4 = urlencode(
    COMMON
    | {
        "cpm_trans_id": "INV7F3K2A04",
        "cpm_amount": "1000000",
        "payment_method": "WAVESN",
        "cel_phone_num": "771234567",
        "cpm_phone_prefixe": "221",
        "cpm_language": "en",
        "cpm_custom": "eyJhIjoxfQ==",
        "cpm_designation": "Acompte 30%",
        "cpm_error_message": "TRANSACTION_CANCEL",
    }
)
V5_FIELDS = COMMON | {
    "cpm_trans_id": "INV7F3K2A05",
    "cpm_amount": "250000",
    "cpm_designation": "Maintenance année 2026",
}
V5 = urlencode(V5_FIELDS)
TOKENS = {
    "V1": "4580124f15d8b116172b49929a84d644c3d8d357e6145814bdef15c24b057be3",
    "V2": "9abbf3314554a60c13ea874e2694bb57e72ff4d0f0f7d821cc0623e29ffd8284",
    "V3": "5035177d025ffccaf82933f2ce14606b1e35282b592978b2745c73f906746706",
    "V4": "3a355dfddc7debe0b70a7ed4b53150d98c8e40ab9754b94d4b1a69eab9c063c7",
    "V5": "f3e7644d1c226547ad7ffb622f1cbe5c2d39394b3707d6ccb6ab90b5bac8e35e",
}
V5B_TRUE_TOKEN = "d9deee186bf6aaaf55e2b2cbebdacb50396553056874f6636be4535753eef270"
CANARY_14_FIELDS = "22b153988f99b9ee47a61dd236d16a47f2a60b77c99cef16ffbeefbd3f055f89"
CANARY_NONE = "06296b11d7eb1fa91059ee852fed7e7ec9f472f884a045da42cf7bd767fc9fca"
BODIES = {"V1": V1, "V2": V2, "V3": V3, "V4": V4, "V5": V5}


def make_gateway(**changes):
    keys = {"apikey": "sandbox.0001", "site_id": "909001", "secret_key": SECRET}
    return CinetPayGateway(**(keys | changes))


def notify(gateway, body, token, *, content_type=FORM, method="POST"):
    if isinstance(body, str):
        body = body.encode("ascii")
    headers = {} if token is None else {"x-token": token}
    return gateway.authenticate_webhook(
        RawWebhook(method, headers, body, content_type, "127.0.0.1")
    )


@pytest.mark.parametrize("vector", BODIES)
def test_a_published_vector_is_accepted(vector):
    hint = notify(make_gateway(), BODIES[vector], TOKENS[vector])

    assert hint.merchant_ref == f"INV7F3K2A0{vector[1]}"
    assert hint.scheme == "canonical"
    assert not hint.is_ping


def test_the_second_vector_is_longer_in_bytes_than_in_characters():
    fields = read_form(V2.encode(), FORM)

    assert fields["cpm_designation"].decode() == "Refonte du site « Élan » 🚀 n°2"


def test_the_same_notification_has_the_same_event_id_and_another_has_another():
    gateway = make_gateway()

    first, again = notify(gateway, V1, TOKENS["V1"]), notify(gateway, V1, TOKENS["V1"])
    other = notify(gateway, V5, TOKENS["V5"])

    assert first.event_id == again.event_id
    assert len(first.event_id) == 64
    assert first.event_id != other.event_id


def test_a_changed_amount_is_refused_and_its_own_token_is_the_published_one():
    tampered = urlencode(V5_FIELDS | {"cpm_amount": "25000"})

    with pytest.raises(WebhookRejected):
        notify(make_gateway(), tampered, TOKENS["V5"])

    assert sign(read_form(tampered.encode(), FORM), SECRET) == V5B_TRUE_TOKEN


@pytest.mark.parametrize(
    "shift",
    [
        {"cpm_trans_id": "INV7F3K2A052", "cpm_trans_date": "026-03-14 10:22:05"},
        {"cpm_amount": "250000XOF", "cpm_currency": ""},
    ],
)
def test_moved_field_borders_pass_the_mac_and_are_refused_by_shape(shift):
    shifted = urlencode(V5_FIELDS | shift)

    with pytest.raises(WebhookRejected, match="malformed values"):
        notify(make_gateway(), shifted, TOKENS["V5"])

    assert sign(read_form(shifted.encode(), FORM), SECRET) == TOKENS["V5"]


@pytest.mark.parametrize(
    "token",
    [
        None,
        "",
        TOKENS["V1"].upper(),
        TOKENS["V1"][:63],
        TOKENS["V1"] + "0",
        TOKENS["V1"] + "\n",
        " " + TOKENS["V1"],
        "é" * 64,
        "0" * 64,
        TOKENS["V2"],
    ],
)
def test_any_other_token_is_refused(token):
    with pytest.raises(WebhookRejected):
        notify(make_gateway(), V1, token)


@pytest.mark.parametrize("mode", ["strict", "observe"])
def test_no_secret_accepts_nothing(mode):
    gateway = make_gateway(secret_key="", hmac_mode=mode)
    token = sign(read_form(V1.encode(), FORM), "")

    with pytest.raises(WebhookRejected):
        notify(gateway, V1, token)


@pytest.mark.parametrize(
    ("body", "token", "variant"),
    [(V1, CANARY_14_FIELDS, "fourteen-fields"), (V3, CANARY_NONE, "none-text")],
)
def test_a_wrong_reading_is_refused_when_strict_and_logged_when_observed(
    body, token, variant, caplog
):
    with pytest.raises(WebhookRejected):
        notify(make_gateway(), body, token)
    hint = notify(make_gateway(hmac_mode="observe"), body, token)

    assert hint.scheme == variant
    assert caplog.messages == [f"a notification is signed in the {variant} reading only"]


def test_values_signed_in_arrival_order_are_recognised_when_observed():
    reordered = dict(reversed(COMMON.items()))
    arrival = {"cpm_site_id": "".join(reordered.values()).encode()}
    token = sign(arrival, SECRET)

    hint = notify(make_gateway(hmac_mode="observe"), urlencode(reordered), token)

    assert hint.scheme == "arrival-order"


def test_observing_does_not_accept_a_token_nothing_explains():
    with pytest.raises(WebhookRejected):
        notify(make_gateway(hmac_mode="observe"), V1, "0" * 64)


def test_another_site_is_refused_even_with_our_secret():
    foreign = urlencode(COMMON | {"cpm_site_id": "909002"})
    token = sign(read_form(foreign.encode(), FORM), SECRET)

    with pytest.raises(WebhookRejected, match="another site"):
        notify(make_gateway(), foreign, token)


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
def test_accents_verify_over_the_bytes_that_came_in_whatever_their_encoding(encoding):
    fields = COMMON | {"cpm_designation": "Café à Cocody"}
    body = urlencode(fields, encoding=encoding)
    token = sign({name: value.encode(encoding) for name, value in fields.items()}, SECRET)

    assert notify(make_gateway(), body, token).merchant_ref == "INV7F3K2A01"


def test_accents_sent_without_percent_encoding_verify_too():
    fields = COMMON | {"cpm_designation": "Café"}
    body = "&".join(f"{name}={value}" for name, value in fields.items()).encode("latin-1")
    token = sign({name: value.encode("latin-1") for name, value in fields.items()}, SECRET)

    assert notify(make_gateway(), body, token).merchant_ref == "INV7F3K2A01"


def test_of_a_repeated_key_the_last_one_counts():
    body = "cpm_trans_id=INV7F3K2A99&" + V1

    assert notify(make_gateway(), body, TOKENS["V1"]).merchant_ref == "INV7F3K2A01"
    with pytest.raises(WebhookRejected):
        notify(make_gateway(), V1 + "&cpm_trans_id=INV7F3K2A99", TOKENS["V1"])


def test_a_missing_field_counts_as_empty_text():
    trimmed = {name: value for name, value in COMMON.items() if name != "cpm_custom"}
    token = sign({name: value.encode() for name, value in trimmed.items()}, SECRET)

    assert notify(make_gateway(), urlencode(trimmed), token).merchant_ref == "INV7F3K2A01"


def test_an_unknown_extra_field_changes_nothing():
    assert notify(make_gateway(), V1 + "&buyer_name=Awa", TOKENS["V1"]).scheme == "canonical"


def test_a_multipart_form_is_read_like_the_other():
    parts = [
        f'--cut\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in COMMON.items()
    ]
    body = "".join([*parts, "--cut--\r\n"]).encode()

    hint = notify(
        make_gateway(), body, TOKENS["V1"], content_type="multipart/form-data; boundary=cut"
    )

    assert hint.merchant_ref == "INV7F3K2A01"


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_ping_says_nothing(method):
    hint = notify(make_gateway(), b"", None, method=method)

    assert hint.is_ping
    assert hint.merchant_ref == ""


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b'{"cpm_trans_id": "INV7F3K2A01"}', "application/json"),
        (b'{"cpm_trans_id": "INV7F3K2A01"}', FORM),
        (V1.encode(), "text/plain"),
        (V1.encode(), ""),
        (b"", FORM),
        (b"\x00" * 1000, FORM),
        (b"cpm_site_id=909001&cpm_trans_id=%00%00", FORM),
        (b"&".join(b"f%d=1" % n for n in range(1500)), FORM),
        (b"not multipart at all", "multipart/form-data; boundary=cut"),
        (b"not multipart at all", "multipart/form-data"),
    ],
)
def test_what_is_not_a_signed_form_is_refused(body, content_type):
    with pytest.raises(WebhookRejected):
        notify(make_gateway(), body, TOKENS["V1"], content_type=content_type)


def test_a_body_over_16_kib_is_refused_before_it_is_read():
    with pytest.raises(WebhookTooLarge):
        notify(make_gateway(), b"a" * (16 * 1024 + 1), TOKENS["V1"])


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS"])
def test_other_methods_are_refused(method):
    with pytest.raises(WebhookRejected):
        notify(make_gateway(), V1, TOKENS["V1"], method=method)


@pytest.mark.parametrize(
    "change",
    [
        {"cpm_trans_id": "short"},
        {"cpm_trans_id": "INV7F3K2A01\n"},
        {"cpm_trans_id": "A" * 21},
        {"cpm_trans_id": "inv7f3k2a01"},
        {"cpm_amount": "1500.00"},
        {"cpm_amount": "-150000"},
        {"cpm_amount": "1" * 10},
        {"cpm_amount": "١٥٠"},
        {"cpm_currency": "EUR"},
        {"cpm_currency": "xof"},
        {"cpm_trans_date": "14/03/2026 10:22"},
    ],
)
def test_a_well_signed_value_of_the_wrong_shape_is_refused(change):
    body = urlencode(COMMON | change)
    token = sign(read_form(body.encode(), FORM), SECRET)

    with pytest.raises(WebhookRejected, match="malformed values"):
        notify(make_gateway(), body, token)
