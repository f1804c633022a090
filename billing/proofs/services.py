"""Keys that sign: made at first need, replaced on demand."""

import secrets
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse

from billing.proofs import codes
from billing.proofs.models import SigningKey
from core import rls
from core.accounts.secrets import decrypt_text, encrypt_text
from core.audit.log import record


def proof_url(proof: codes.Proof, *, at: datetime) -> str:
    """Return the address that verifies a proof: what its QR code holds.

    The code stands after #: a browser sends it to nobody.
    """
    return f"{settings.BASE_URL}{reverse('proofs:verify')}#{signed(proof, at=at)}"


def signed(proof: codes.Proof, *, at: datetime) -> str:
    """Write the code of a proof with the key in use, making one if there is none yet."""
    with rls.staff("proofs: sign with our key"):
        key = _key_in_use() or _make_key(at)
    return codes.sign(proof, kid=key.kid, key=_opened(key))


@transaction.atomic
def rotate_key(*, at: datetime) -> SigningKey:
    """Retire the key in use and make another; what was signed before stays verifiable."""
    with rls.staff("proofs: replace our key"):
        SigningKey.objects.select_for_update().filter(retired_at=None).update(retired_at=at)
        key = _new_key(at)
        record("signing_key_replaced", key)
    return key


def public_keys() -> dict[str, str]:
    """Return the public keys by name, retired ones included: they are no secret."""
    with rls.staff("proofs: published keys"):
        return dict(SigningKey.objects.order_by("pk").values_list("kid", "public"))


def _key_in_use() -> SigningKey | None:
    return SigningKey.objects.filter(retired_at=None).first()


def _make_key(at: datetime) -> SigningKey:
    """Make the first key, unless somebody else makes it at the same moment."""
    try:
        with transaction.atomic():
            return _new_key(at)
    except IntegrityError:
        return SigningKey.objects.get(retired_at=None)


def _new_key(at: datetime) -> SigningKey:
    key = Ed25519PrivateKey.generate()
    return SigningKey.objects.create(
        kid=secrets.token_hex(4),
        public=codes.public_text(key),
        sealed=encrypt_text(key.private_bytes_raw().hex()),
        made_at=at,
    )


def _opened(key: SigningKey) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(decrypt_text(key.sealed)))
