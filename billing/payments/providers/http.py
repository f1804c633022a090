"""One call to a provider: timeouts, a size limit, and answers that are not answers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import NewConnectionError

from .errors import GatewayUnavailable

USER_AGENT = "NOURX/1.0 (+https://nourx.dev)"
MAX_ANSWER = 256 * 1024
PAUSE_AFTER_429 = 60
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Reply:
    """A status and the JSON object that came with it, None when there was none."""

    status: int
    body: Mapping[str, Any] | None

    @property
    def is_success(self) -> bool:
        return 200 <= self.status < 300 and self.body is not None


def send(
    method: str,
    url: str,
    *,
    data: bytes | None,
    headers: Mapping[str, str],
    timeout: tuple[float, float],
) -> tuple[int, bytes]:
    """Send a request, follow nothing, and return the status and the whole answer.

    :raises GatewayUnavailable: no connection, a timeout, or an answer over 256 KiB.
    """
    try:
        with requests.Session() as session:
            session.trust_env = urlsplit(url).hostname not in LOOPBACK
            with session.request(
                method,
                url,
                data=data,
                headers={"User-Agent": USER_AGENT, **headers},
                timeout=timeout,
                allow_redirects=False,
                stream=True,
            ) as response:
                return response.status_code, _read_bytes(response)
    except requests.RequestException as error:
        raise GatewayUnavailable(
            f"no answer: {type(error).__name__}", may_exist=was_sent(error)
        ) from error


def call_json(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str],
    timeout: tuple[float, float],
    body: Mapping[str, Any] | None = None,
) -> Reply:
    """Send a JSON body, or none, and return the JSON object answered.

    :raises GatewayUnavailable: as `send`; also a 429, a 5xx, or a 2xx without a JSON object.
    """
    data = None if body is None else json.dumps(body).encode()
    kind = {} if data is None else {"Content-Type": JSON}
    status, content = send(method, url, data=data, headers={**kind, **headers}, timeout=timeout)
    return read_reply(status, content)


def read_reply(status: int, content: bytes) -> Reply:
    """Return an answer read as JSON.

    :raises GatewayUnavailable: a 429, a 5xx, or a 2xx without a JSON object.
    """
    if status == 429:
        raise GatewayUnavailable("too many requests", code="429", retry_after=PAUSE_AFTER_429)
    if status >= 500:
        raise GatewayUnavailable(f"HTTP {status}", code=str(status), may_exist=True)
    reply = Reply(status, parse_object(content))
    if 200 <= status < 300 and reply.body is None:
        raise GatewayUnavailable(f"HTTP {status} without a JSON object", may_exist=True)
    return reply


def parse_object(content: bytes) -> dict[str, Any] | None:
    """Return the JSON object, its numbers with a point left as text so no float is made."""
    try:
        value = json.loads(content, parse_float=str, parse_constant=str)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def was_sent(error: requests.RequestException) -> bool:
    """Tell whether a request may have reached the provider before things went wrong."""
    if isinstance(error, requests.ConnectTimeout | requests.exceptions.SSLError | ValueError):
        return False
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return not isinstance(reason, NewConnectionError)


def _read_bytes(response: requests.Response) -> bytes:
    content = bytearray()
    for chunk in response.iter_content(16 * 1024):
        content += chunk
        if len(content) > MAX_ANSWER:
            raise GatewayUnavailable("answer too large", may_exist=True)
    return bytes(content)
