"""Read what a merchant posts to `/v2/payment`, with CinetPay's refusals in its order."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from .scenarios import read_phone

CURRENCIES = frozenset({"XOF", "XAF", "GNF", "CDF", "USD"})
CHANNELS = frozenset({"ALL", "MOBILE_MONEY", "CREDIT_CARD", "WALLET"})
REQUIRED_TEXTS = (
    "apikey",
    "site_id",
    "transaction_id",
    "currency",
    "description",
    "notify_url",
    "return_url",
)
CARD_FIELDS = (
    "customer_name",
    "customer_surname",
    "customer_email",
    "customer_phone_number",
    "customer_address",
    "customer_city",
    "customer_country",
    "customer_state",
    "customer_zip_code",
)


@dataclass(frozen=True)
class Merchant:
    """The one merchant the sandbox knows. The defaults are public, and good for nothing."""

    apikey: str = "sandbox.0001"
    site_id: str = "909001"
    secret_key: str = "sk_demo_7Qd2-Abidjan-only-for-tests"  # noqa: S105
    name: str = "NOURX"


class Refused(Exception):
    """A call CinetPay answers with an error code; `http_status` is a guess."""

    def __init__(self, code: str, message: str, description: str, http_status: int = 400) -> None:
        super().__init__(f"{code} {message}: {description}")
        self.code = code
        self.message = message
        self.description = description
        self.http_status = http_status


class Forbidden(Exception):
    """A call stopped before CinetPay reads it, with an HTML page."""


def read_json(body: bytes) -> dict[str, Any]:
    """Return the JSON object of a body.

    :raises Refused: it is something else.
    """
    try:
        values = json.loads(body)
    except ValueError:
        values = None
    if not isinstance(values, dict):
        raise _missing("body is not a JSON object")
    return values


def require_keys(values: Mapping[str, Any], merchant: Merchant) -> None:
    """Check the merchant's keys.

    :raises Refused: they are not the sandbox's.
    """
    if values.get("apikey") != merchant.apikey:
        raise Refused("609", "AUTH_NOT_FOUND", "apikey is unknown", 401)
    if str(values.get("site_id")) != merchant.site_id:
        raise Refused("613", "ERROR_SITE_ID_NOTVALID", "site_id is unknown")


def read_order(values: Mapping[str, Any], merchant: Merchant, *, round_down: bool) -> dict:
    """Return the fields of a payment to create.

    :raises Refused: a field is missing or wrong.
    :raises Forbidden: the metadata is JSON.
    """
    for name in REQUIRED_TEXTS:
        if not isinstance(values.get(name), str) or not values[name].strip():
            raise _missing(f"{name} is required and must be a text")
    if type(values.get("amount")) is not int:
        raise _missing("amount is required and must be an integer")
    require_keys(values, merchant)
    if values["currency"] not in CURRENCIES:
        raise Refused("612", "ERROR_CURRENCY_NOTVALID", "currency is not accepted")
    _require_links_and_channels(values)
    amount = _read_amount(values["amount"], values["currency"], round_down=round_down)
    if values.get("lock_phone_number") and not read_phone(
        str(values.get("customer_phone_number", ""))
    ):
        raise Refused("624", "An error occurred while processing the request", "phone number")
    metadata = str(values.get("metadata") or "")
    if metadata.lstrip()[:1] in {"{", "["}:
        raise Forbidden("JSON in metadata")
    return _order_fields(values) | {"amount": amount, "metadata": metadata}


def _require_links_and_channels(values: Mapping[str, Any]) -> None:
    for name in ("notify_url", "return_url"):
        parts = urlsplit(values[name])
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise _missing(f"{name} must be a web address")
    if not set(str(values.get("channels", "ALL")).split(",")) <= CHANNELS:
        raise _missing("channels is not one of ALL, MOBILE_MONEY, CREDIT_CARD, WALLET")


def _read_amount(amount: int, currency: str, *, round_down: bool) -> int:
    minimum, step = {"GNF": (1000, 5), "USD": (1, 1)}.get(currency, (100, 5))
    if round_down:
        amount -= amount % step
    if amount < minimum or amount % step:
        raise _missing(f"amount must be at least {minimum} and a multiple of {step}")
    return amount


def _order_fields(values: Mapping[str, Any]) -> dict:
    customer = {name: str(values[name]) for name in CARD_FIELDS if values.get(name)}
    return {
        "transaction_id": values["transaction_id"],
        "currency": values["currency"],
        "description": values["description"],
        "notify_url": values["notify_url"],
        "return_url": values["return_url"],
        "channels": str(values.get("channels", "ALL")),
        "lang": "en" if values.get("lang") == "en" else "fr",
        "customer": customer,
    }


def _missing(description: str) -> Refused:
    return Refused("608", "MINIMUM_REQUIRED_FIELDS", description)
