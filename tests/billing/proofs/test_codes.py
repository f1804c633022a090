"""A signed code: read back whole, and refused at the least change."""

import random
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from billing.proofs.codes import LONGEST, NotAuthentic, Proof, public_text, sign, verify

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
KEYS = {"aaaa0001": public_text(KEY), "aaaa0002": public_text(OTHER)}
PROOF = Proof(
    "REC", "REC-2026-0107", "2026-11-21", 150_000, "XOF", "Akwaba Distribution", "NOURX SARL",
    "FAC-2026-0042", "0123456789abcdef",
)  # fmt: skip


def code_of(proof=PROOF):
    return sign(proof, kid="aaaa0001", key=KEY)


def test_what_was_signed_is_read_back():
    assert verify(code_of(), KEYS) == PROOF


def test_a_code_fits_a_square_that_a_telephone_reads():
    long = replace(PROOF, payer="É" * 300, seller="W" * 300)

    assert len(code_of(long)) < 500
    assert verify(code_of(long), KEYS).payer == "É" * 60


def test_ten_thousand_changed_bits_are_all_refused():
    chance, code = random.Random(20261121), code_of().encode()
    accepted = []
    for _turn in range(10_000):
        changed = bytearray(code)
        changed[chance.randrange(len(code))] ^= 1 << chance.randrange(7)
        try:
            accepted.append(verify(changed.decode(), KEYS))
        except NotAuthentic:
            continue

    assert accepted == []


def test_a_changed_amount_under_the_same_signature_is_refused():
    signature = code_of().rsplit(".", 1)[1]
    raised = code_of(replace(PROOF, amount=250_000)).rsplit(".", 1)[0]

    with pytest.raises(NotAuthentic):
        verify(f"{raised}.{signature}", KEYS)


@pytest.mark.parametrize(
    "code",
    ["", "NX1", "NX1...", code_of().replace("NX1", "NX2"), code_of() + "A", "x" * (LONGEST + 1)],
)
def test_what_is_no_code_is_refused(code):
    with pytest.raises(NotAuthentic):
        verify(code, KEYS)


def test_a_code_under_the_name_of_another_key_is_refused():
    with pytest.raises(NotAuthentic):
        verify(code_of().replace("aaaa0001", "aaaa0002"), KEYS)


def test_a_code_of_a_key_that_is_not_ours_is_refused():
    with pytest.raises(NotAuthentic):
        verify(code_of(), {"aaaa0002": KEYS["aaaa0002"]})
