"""What each CinetPay code means, and the rule that alone may say "paid"."""

from datetime import timedelta

import pytest

from billing.payments.providers.base import PayState
from billing.payments.providers.cinetpay.codes import RULES, read_answer

PENDING, FAILED, EXPIRED, UNKNOWN = (
    PayState.PENDING,
    PayState.FAILED,
    PayState.EXPIRED,
    PayState.UNKNOWN,
)
WAITS = "WAITING_FOR_CUSTOMER"
REFUSED = "REFUSED"

# code, status word, state, whether the team is told
TABLE = [
    ("00", "ACCEPTED", PayState.SUCCEEDED, False),
    ("201", "CREATED", PENDING, False),
    ("600", REFUSED, FAILED, False),
    ("601", REFUSED, UNKNOWN, True),
    ("602", REFUSED, FAILED, False),
    ("603", "PENDING", PENDING, False),
    ("604", "PENDING", PENDING, False),
    ("605", REFUSED, FAILED, False),
    ("606", REFUSED, FAILED, False),
    ("607", "PENDING", PENDING, False),
    *((str(code), "", UNKNOWN, True) for code in (608, 609, *range(610, 620), 630)),
    ("620", "", UNKNOWN, True),
    *((code, REFUSED, FAILED, False) for code in ("621", "622", "626", "639", "640")),
    ("623", WAITS, PENDING, False),
    ("624", "", UNKNOWN, False),
    ("625", REFUSED, EXPIRED, False),
    ("627", REFUSED, FAILED, False),
    ("628", "", UNKNOWN, False),
    ("629", "", UNKNOWN, False),
    *((code, REFUSED, FAILED, False) for code in ("631", "632", "633", "634")),
    *((code, REFUSED, FAILED, False) for code in ("635", "636", "637")),
    ("638", "PENDING", PENDING, False),
    *((code, REFUSED, FAILED, False) for code in ("641", "642")),
    ("660", "REFUNDED", UNKNOWN, True),
    ("661", "REFUNDED", UNKNOWN, True),
    ("662", "WAITING_CUSTOMER_PAYMENT", PENDING, False),
    ("663", "WAITING_CUSTOMER_OTP_CODE", PENDING, False),
    ("664", "PENDING", PENDING, True),
    *((code, "PENDING", PENDING, True) for code in ("800", "801", "802", "803")),
    ("804", REFUSED, FAILED, False),
    *((str(code), REFUSED, FAILED, False) for code in range(807, 813)),
]


@pytest.mark.parametrize(("code", "status", "state", "told"), TABLE)
def test_a_code_has_the_meaning_of_the_table(code, status, state, told):
    reading = read_answer(code, status)

    assert reading.state is state
    assert bool(reading.alert) is told


def test_the_table_here_names_every_code_known():
    assert sorted(code for code, *_ in TABLE) == sorted(RULES)


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("00", "REFUSED"),
        ("00", "PENDING"),
        ("00", ""),
        ("00", "accepted"),
        ("627", "ACCEPTED"),
        ("624", "ACCEPTED"),
        ("662", "ACCEPTED"),
        ("999", "ACCEPTED"),
        ("999", "REFUSED"),
        ("", "ACCEPTED"),
        ("0", "ACCEPTED"),
        ("600", "WAITING_FOR_CUSTOMER"),
        ("627", "SOMETHING_NEW"),
        ("662", "SOMETHING_NEW"),
    ],
)
def test_words_that_contradict_each_other_or_are_new_wait_for_a_person(code, status):
    reading = read_answer(code, status)

    assert reading.state is PENDING
    assert reading.alert == (
        f"CinetPay répond le code {code or '—'} avec le statut {status or '—'} : à vérifier."
    )


@pytest.mark.parametrize(
    "status",
    [
        "WAITING_FOR_CUSTOMER",
        "PENDING",
        "CREATED",
        "WAITING_CUSTOMER_TO_VALIDATE",
        "WAITING_CUSTOMER_PAYMENT",
        "WAITING_CUSTOMER_OTP_CODE",
        "",
    ],
)
def test_a_waiting_payment_stays_pending_in_silence_whatever_word_says_so(status):
    reading = read_answer("623", status)

    assert (reading.state, reading.alert) == (PENDING, "")


def test_a_wrong_code_is_left_a_quarter_of_an_hour():
    assert read_answer("604", "PENDING").fails_after == timedelta(minutes=15)
    assert read_answer("623", "PENDING").fails_after is None


def test_a_reversal_and_a_double_payment_are_told_in_words():
    assert read_answer("660", "REFUNDED").alert == ("CinetPay signale un remboursement (code 660).")
    assert read_answer("620", "").alert == (
        "CinetPay signale un double paiement (code 620) : à rapprocher à la main."
    )
