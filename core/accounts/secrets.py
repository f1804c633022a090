"""Encrypting single fields at rest, with keys that can be replaced."""

import base64
import hashlib

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings


def _fernet() -> MultiFernet:
    keys = settings.FIELD_KEYS or [_key_of_this_machine()]
    return MultiFernet([Fernet(key) for key in keys])


def _key_of_this_machine() -> bytes:
    """Derive a key where none is set: development and tests. Production demands real keys."""
    return base64.urlsafe_b64encode(hashlib.sha256(settings.SECRET_KEY.encode()).digest())


def encrypt_text(text: str) -> str:
    """Encrypt a short text with the newest key."""
    return _fernet().encrypt(text.encode()).decode()


def decrypt_text(encrypted: str) -> str:
    """Decrypt with any of the keys.

    :raises cryptography.fernet.InvalidToken: if no key fits.
    """
    return _fernet().decrypt(encrypted.encode()).decode()
