"""One JSON call to CinetPay v2, and the envelope its answers come in."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..errors import GatewayUnavailable
from ..http import JSON, PAUSE_AFTER_429, parse_object, send
from ..masking import plain_text

BLOCKED_BROWSER = "1010"


@dataclass(frozen=True, slots=True)
class Answer:
    """The envelope every CinetPay answer comes in; `data` is None when there is none."""

    code: str
    message: str
    description: str
    data: Mapping[str, Any] | None
    body: Mapping[str, Any]


def post_json(url: str, body: Mapping[str, Any], *, timeout: tuple[float, float]) -> Answer:
    """Send a body and return the envelope, whatever the HTTP status says about success.

    :raises GatewayUnavailable: no connection, timeout, 5xx, 429, or no JSON envelope.
    """
    headers = {"Content-Type": JSON}
    data = json.dumps(body).encode()
    status, content = send("POST", url, data=data, headers=headers, timeout=timeout)
    return _read_answer(status, content)


def _read_answer(status: int, content: bytes) -> Answer:
    if status == 429:
        raise GatewayUnavailable("too many requests", code="429", retry_after=PAUSE_AFTER_429)
    if status >= 500:
        raise GatewayUnavailable(f"HTTP {status}", code=str(status), may_exist=True)
    envelope = parse_object(content)
    if envelope is None and status == 403:
        code = BLOCKED_BROWSER if BLOCKED_BROWSER.encode() in content else "403"
        raise GatewayUnavailable(f"forbidden ({code})", code=code, alert=True)
    if envelope is None:
        raise GatewayUnavailable(f"HTTP {status} without a JSON envelope", may_exist=True)
    if plain_text(envelope.get("code")) == "429":
        raise GatewayUnavailable("too many requests", code="429", retry_after=PAUSE_AFTER_429)
    return _open_envelope(envelope)


def _open_envelope(envelope: Mapping[str, Any]) -> Answer:
    data = envelope.get("data")
    return Answer(
        code=plain_text(envelope.get("code")),
        message=plain_text(envelope.get("message")),
        description=plain_text(envelope.get("description")),
        data=data if isinstance(data, dict) and data else None,
        body=envelope,
    )
