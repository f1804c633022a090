"""The signed code of a receipt: what it says, and how it is verified. Pure; no Django.

    NX1.<name of the key>.<facts>.<signature>

Facts are a JSON list and the signature is Ed25519 (RFC 8032) over all that comes before it; both
are base64url without padding (RFC 4648 §5). `nourx_site/assets/js/proofs.js` reads the same form.
"""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import astuple, dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

VERSION = "NX1"
LONGEST = 1200  # characters; a code has about 300
MOST_LETTERS = 60  # of a name: the code must stay small enough to be scanned


class NotAuthentic(ValueError):
    """The code is not one that we signed, or it was changed since."""


@dataclass(frozen=True)
class Proof:
    """What a receipt proves. `amount` is in the currency's minor unit; `day` is AAAA-MM-JJ.

    `paper` is the invoice paid, and `paper_hash` begins the SHA-256 of its PDF, when it has one.
    """

    kind: str
    number: str
    day: str
    amount: int
    currency: str
    payer: str
    seller: str
    paper: str = ""
    paper_hash: str = ""


def sign(proof: Proof, *, kid: str, key: Ed25519PrivateKey) -> str:
    """Write the code of a proof; names are cut so that it can be scanned."""
    facts = list(astuple(proof))
    facts[5], facts[6] = proof.payer[:MOST_LETTERS], proof.seller[:MOST_LETTERS]
    said = json.dumps(facts, ensure_ascii=False, separators=(",", ":")).encode()
    signed = f"{VERSION}.{kid}.{_write(said)}"
    return f"{signed}.{_write(key.sign(signed.encode()))}"


def verify(code: str, keys: Mapping[str, str]) -> Proof:
    """Read a code that one of our keys signed; `keys` are public ones, by name.

    :raises NotAuthentic: if it is malformed, of an unknown key, or changed.
    """
    if len(code) > LONGEST:
        raise NotAuthentic("too long")
    try:
        version, kid, said, signature = code.strip().split(".")
        if version != VERSION:
            raise NotAuthentic("another version")
        public = Ed25519PublicKey.from_public_bytes(_read(keys[kid]))
        public.verify(_read(signature), f"{version}.{kid}.{said}".encode())
        return Proof(*json.loads(_read(said)))
    except (InvalidSignature, KeyError, TypeError, ValueError) as fault:
        raise NotAuthentic("not ours") from fault


def public_text(key: Ed25519PrivateKey) -> str:
    """Return the public half of a key, as it is published."""
    return _write(key.public_key().public_bytes_raw())


def _write(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _read(text: str) -> bytes:
    """Read base64url in its one right form: the same bytes have no second spelling."""
    try:
        content = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error as fault:
        raise ValueError(text) from fault
    if _write(content) != text:
        raise ValueError("another spelling")
    return content
