"""Stripe's notifications: signed over their own time and the raw body."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import stripe

from ..base import RawWebhook, WebhookHint
from ..errors import WebhookRejected, WebhookTooLarge
from ..http import parse_object
from ..masking import plain_text

MAX_NOTIFICATION = 64 * 1024
TOLERANCE = timedelta(minutes=5)
SIGNED_AT = re.compile(r"(?:^|,)\s*t=([0-9]{1,12})(?:,|$)")
REVERSALS = ("charge.refund", "refund.", "charge.dispute.")


def read(raw: RawWebhook, secret: str) -> WebhookHint:
    """Say whom an event is about.

    :raises WebhookRejected: no signature, a wrong one, an old one, or no event.
    """
    if raw.method in {"GET", "HEAD"}:
        return WebhookHint(is_ping=True)
    if len(raw.body) > MAX_NOTIFICATION:
        raise WebhookTooLarge("body over 64 KiB")
    header = raw.headers.get("stripe-signature", "")
    _require_fresh(header, raw)
    try:
        stripe.WebhookSignature.verify_header(raw.body, header, secret, tolerance=None)
    except (stripe.SignatureVerificationError, UnicodeDecodeError) as error:
        raise WebhookRejected("bad signature") from error
    event = parse_object(raw.body)
    about = _object_of(event or {})
    if event is None or about is None:
        raise WebhookRejected("not an event")
    return _hint(event, about)


def _require_fresh(header: str, raw: RawWebhook) -> None:
    """Refuse a signature made long ago, or ahead of time, which the library lets through."""
    moment = SIGNED_AT.search(header)
    if moment is None or raw.received_at is None:
        raise WebhookRejected("no readable signature")
    if abs(raw.received_at.timestamp() - int(moment[1])) > TOLERANCE.total_seconds():
        raise WebhookRejected("signed too long ago")


def _object_of(event: Mapping[str, Any]) -> Mapping[str, Any] | None:
    data = event.get("data")
    about = data.get("object") if isinstance(data, Mapping) else None
    return about if isinstance(about, Mapping) else None


def _hint(event: Mapping[str, Any], about: Mapping[str, Any]) -> WebhookHint:
    kind = plain_text(event.get("type"), 60)
    metadata = about.get("metadata")
    named = metadata.get("reference") if isinstance(metadata, Mapping) else ""
    is_session = about.get("object") == "checkout.session"
    return WebhookHint(
        merchant_ref=plain_text(about.get("client_reference_id") or named, 40),
        provider_token=plain_text(about.get("id")) if is_session else "",
        provider_txn_id=plain_text(about.get("payment_intent"), 100),
        event_id=plain_text(event.get("id")),
        event_type=kind,
        scheme="signed",
        is_reversal=kind.startswith(REVERSALS),
    )
