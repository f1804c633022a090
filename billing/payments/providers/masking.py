"""Make what a provider says fit to be kept: no key, no whole phone number, plain text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

SECRET_KEYS = frozenset({"apikey", "site_id", "secret_key", "x-token", "authorization", "token"})
PHONE_KEYS = frozenset(
    {"phone_number", "cel_phone_num", "customer_phone_number", "phone", "customer_phone"}
)
MAX_DEPTH = 6
KEPT_TEXT = 2000
COUNTRY_PREFIX = re.compile(r"^(?:\+|00)(22[0-9]|23[0-7]|33)")


def mask_phone(number: str) -> str:
    """Keep a number's country, first two and last two digits: `+225 07** ** **00`."""
    compact = re.sub(r"[^\d+]", "", number)
    prefix = COUNTRY_PREFIX.match(compact)
    country = f"+{prefix[1]} " if prefix else ""
    digits = re.sub(r"\D", "", compact[prefix.end() :] if prefix else compact)
    if len(digits) < 8:
        return country + "*" * len(digits)
    hidden = digits[:2] + "*" * (len(digits) - 4) + digits[-2:]
    return country + " ".join(filter(None, (hidden[:4], hidden[4:-4], hidden[-4:])))


def plain_text(value: Any, limit: int = 200) -> str:
    """Return a short text a database accepts, or "" for what is neither text nor number."""
    if not isinstance(value, str | int):
        return ""
    text = str(value)[:limit].replace("\x00", "")
    return text.encode("utf-8", "replace").decode()


def mask_payload(payload: Mapping[str, Any], depth: int = 0) -> dict[str, Any]:
    """Return a provider's answer fit to be stored: keys removed, phone numbers masked."""
    return {plain_text(key): _mask_value(key, value, depth) for key, value in payload.items()}


def _mask_value(key: str, value: Any, depth: int) -> Any:
    if depth > MAX_DEPTH:
        return "…"
    if key.lower() in SECRET_KEYS:
        return "***"
    if key.lower() in PHONE_KEYS and value:
        return mask_phone(plain_text(value))
    if isinstance(value, Mapping):
        return mask_payload(value, depth + 1)
    if isinstance(value, list):
        return [_mask_value(key, item, depth + 1) for item in value]
    return plain_text(value, KEPT_TEXT) if isinstance(value, str) else value
