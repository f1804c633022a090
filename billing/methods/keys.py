"""The keys each provider gives a merchant: their names, and how they are kept."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.fernet import InvalidToken
from django.utils.translation import gettext_lazy as _

from billing.methods.models.accounts import Dialect, Provider
from core.accounts.secrets import decrypt_text, encrypt_text


@dataclass(frozen=True)
class KeyField:
    """One key, as its provider names it; one that is not secret may be shown again."""

    name: str
    label: Any
    is_secret: bool = True


KEYS: dict[tuple[str, str], tuple[KeyField, ...]] = {
    (Provider.CINETPAY, Dialect.V2): (
        KeyField("apikey", _("Clé API (apikey)")),
        KeyField("site_id", _("Identifiant du site (site_id)"), is_secret=False),
        KeyField("secret_key", _("Clé secrète")),
    ),
    (Provider.CINETPAY, Dialect.V1): (
        KeyField("api_key", _("Clé API (sk_…)")),
        KeyField("api_password", _("Mot de passe d’API")),
    ),
    (Provider.STRIPE, ""): (
        KeyField("secret_key", _("Clé secrète (sk_… ou rk_…)")),
        KeyField("webhook_secret", _("Secret de signature des notifications (whsec_…)")),
    ),
    (Provider.WAVE, ""): (
        KeyField("api_key", _("Clé d’API (wave_…)")),
        KeyField("webhook_secret", _("Secret de signature des notifications")),
    ),
    (Provider.ORANGE, ""): (
        KeyField("client_id", _("Identifiant de l’application (client_id)"), is_secret=False),
        KeyField("client_secret", _("Secret de l’application (client_secret)")),
        KeyField("merchant_key", _("Clé du marchand (merchant_key)")),
    ),
}


def key_fields(provider: str, dialect: str) -> tuple[KeyField, ...]:
    """Return the keys that a provider gives, in the order it shows them."""
    return KEYS.get((provider, dialect), ())


def dialects_of(provider: str) -> list[str]:
    """Return the dialects of a provider's API; one without a name for most."""
    return [dialect for each, dialect in KEYS if each == provider]


def seal(keys: Mapping[str, str]) -> str:
    """Return keys as they are kept: one encrypted text."""
    return encrypt_text(json.dumps(dict(keys), ensure_ascii=False))


def unseal(sealed: str) -> dict[str, str]:
    """Return kept keys; none when there are none, or when no key of ours opens them any more."""
    if not sealed:
        return {}
    try:
        kept = json.loads(decrypt_text(sealed))
    except (InvalidToken, ValueError):
        return {}
    return {str(name): str(value) for name, value in kept.items()}
