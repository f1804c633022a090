"""One JSON call to CinetPay: timeouts, a size limit, and answers that are not answers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import NewConnectionError

from ..errors import GatewayUnavailable
from ..masking import plain_text

USER_AGENT = "NOURX/1.0 (+https://nourx.dev)"
MAX_ANSWER = 256 * 1024
PAUSE_AFTER_429 = 60
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
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
    try:
        with requests.Session() as session:
            session.trust_env = urlsplit(url).hostname not in LOOPBACK
            with session.post(
                url,
                data=json.dumps(body).encode(),
                headers={"User-Agent": USER_AGENT, "Content-Type": "application/json"},
                timeout=timeout,
                allow_redirects=False,
                stream=True,
            ) as response:
                return _read_answer(response.status_code, _read_bytes(response))
    except requests.RequestException as error:
        raise GatewayUnavailable(
            f"no answer: {type(error).__name__}", may_exist=_was_sent(error)
        ) from error


def _read_bytes(response: requests.Response) -> bytes:
    content = bytearray()
    for chunk in response.iter_content(16 * 1024):
        content += chunk
        if len(content) > MAX_ANSWER:
            raise GatewayUnavailable("answer too large", may_exist=True)
    return bytes(content)


def _was_sent(error: requests.RequestException) -> bool:
    """Tell whether the request may have reached CinetPay before things went wrong."""
    if isinstance(error, requests.ConnectTimeout | requests.exceptions.SSLError | ValueError):
        return False
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return not isinstance(reason, NewConnectionError)


def _read_answer(status: int, content: bytes) -> Answer:
    if status == 429:
        raise GatewayUnavailable("too many requests", code="429", retry_after=PAUSE_AFTER_429)
    if status >= 500:
        raise GatewayUnavailable(f"HTTP {status}", code=str(status), may_exist=True)
    envelope = _parse_envelope(content)
    if envelope is None and status == 403:
        code = BLOCKED_BROWSER if BLOCKED_BROWSER.encode() in content else "403"
        raise GatewayUnavailable(f"forbidden ({code})", code=code, alert=True)
    if envelope is None:
        raise GatewayUnavailable(f"HTTP {status} without a JSON envelope", may_exist=True)
    if plain_text(envelope.get("code")) == "429":
        raise GatewayUnavailable("too many requests", code="429", retry_after=PAUSE_AFTER_429)
    return _open_envelope(envelope)


def _parse_envelope(content: bytes) -> dict[str, Any] | None:
    """Return the JSON object, its numbers with a point left as text so no float is made."""
    try:
        value = json.loads(content, parse_float=str, parse_constant=str)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _open_envelope(envelope: Mapping[str, Any]) -> Answer:
    data = envelope.get("data")
    return Answer(
        code=plain_text(envelope.get("code")),
        message=plain_text(envelope.get("message")),
        description=plain_text(envelope.get("description")),
        data=data if isinstance(data, dict) and data else None,
        body=envelope,
    )
