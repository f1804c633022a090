"""Keeping the settings of certification, its key encrypted."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from billing.fiscal.drivers import provider_of
from billing.fiscal.models import FiscalSettings
from core.accounts.secrets import encrypt_text
from core.audit.log import record


@transaction.atomic
def keep_key(*, chosen: FiscalSettings, key: str, actor: Any) -> None:
    """Keep a new key, encrypted; an empty one leaves the key as it was. The log never holds it."""
    key = key.strip()
    if not key:
        return
    chosen.key_encrypted = encrypt_text(key)
    chosen.save(update_fields=["key_encrypted", "updated_at"])
    record("fiscal_key_changed", chosen, actor=actor)


def try_connection(*, chosen: FiscalSettings) -> str:
    """Try the connection without certifying anything, and return what that proves.

    :raises billing.fiscal.providers.base.CertificationError: with the reason, if it fails.
    """
    return provider_of(chosen).check()
