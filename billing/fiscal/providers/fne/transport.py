"""One call to the FNE: never repeated, never followed elsewhere, with an end to waiting."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests
from django.utils.translation import gettext as _
from urllib3.exceptions import NewConnectionError

from billing.fiscal.providers.base import NotSent, Uncertain

USER_AGENT = "NOURX/1.0 (+https://nourx.dev)"
MAX_ANSWER = 512 * 1024
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True)
class Limits:
    """Seconds: to connect, between two bytes, and for the whole answer."""

    connect: float = 5
    read: float = 30
    whole: float = 60


@dataclass(frozen=True)
class Answer:
    """What came back: `body` is None when it is no JSON object."""

    status: int
    body: Mapping[str, Any] | None


def post(url: str, body: Mapping[str, Any], *, key: str, limits: Limits) -> Answer:
    """Post a body once.

    :raises NotSent: if no connection was made.
    :raises Uncertain: if the request may have arrived, and no whole answer came.
    """
    try:
        with requests.Session() as session:
            session.trust_env = urlsplit(url).hostname not in LOOPBACK
            with session.post(
                url,
                data=json.dumps(body).encode(),
                headers={
                    "User-Agent": USER_AGENT,
                    "Content-Type": "application/json",
                    "Accept": "application/json",
                    "Authorization": f"Bearer {key}",
                },
                timeout=(limits.connect, limits.read),
                allow_redirects=False,
                stream=True,
            ) as response:
                return Answer(response.status_code, _read(response, limits))
    except (requests.RequestException, UnicodeError) as error:
        name = type(error).__name__
        if _was_never_sent(error):
            raise NotSent(_("La DGI est injoignable (%(error)s).") % {"error": name}) from error
        raise Uncertain(_("La DGI n’a pas répondu (%(error)s).") % {"error": name}) from error


def _read(response: requests.Response, limits: Limits) -> Mapping[str, Any] | None:
    ends = time.monotonic() + limits.whole
    content = bytearray()
    for chunk in response.iter_content(16 * 1024):
        content += chunk
        if len(content) > MAX_ANSWER or time.monotonic() > ends:
            raise Uncertain(
                _("La réponse de la DGI était trop longue."), status=response.status_code
            )
    try:
        value = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _was_never_sent(error: Exception) -> bool:
    """Tell whether the request cannot have reached the FNE."""
    if isinstance(
        error,
        requests.ConnectTimeout | requests.exceptions.SSLError | ValueError | UnicodeError,
    ):
        return True
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return isinstance(reason, NewConnectionError)
