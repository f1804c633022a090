"""Sending an SMS through a gateway. Off without its keys in the settings.

A gateway is whatever has `send`; the one spoken here is the SMS API of Orange (OAuth2, then
`/smsmessaging/v1/outbound/…/requests`), open to agencies of Côte d’Ivoire.
"""

from typing import Protocol
from urllib.parse import quote

import requests
from django.conf import settings

SECONDS_TO_WAIT = 15
DIALLING_CODE = "225"
LOCAL_DIGITS = 10


class SmsFailed(Exception):
    """The gateway did not answer, or asks to wait: the same SMS may leave the next time."""


class SmsRefused(Exception):
    """The gateway will never take this SMS: a wrong number, a closed account."""


class SmsGateway(Protocol):
    """What sends one SMS."""

    def send(self, *, phone: str, text: str) -> str:
        """Send a text to a number such as +2250700000000; return the gateway's reference.

        :raises SmsFailed: if it may be tried again.
        :raises SmsRefused: if it may not.
        """


class OrangeSms:
    """The SMS API of Orange Developer, version 1."""

    def __init__(
        self, *, base_url: str, client_id: str, client_secret: str, sender: str, name: str = ""
    ):
        self._base_url = base_url.rstrip("/")
        self._keys = (client_id, client_secret)
        self._sender = f"tel:{sender}"
        self._name = name

    def send(self, *, phone: str, text: str) -> str:
        request = {
            "address": f"tel:{phone}",
            "senderAddress": self._sender,
            "outboundSMSTextMessage": {"message": text},
        }
        if self._name:
            request["senderName"] = self._name
        path = f"/smsmessaging/v1/outbound/{quote(self._sender, safe='')}/requests"
        answer = self._post(
            path,
            json={"outboundSMSMessageRequest": request},
            headers={"Authorization": f"Bearer {self._token()}"},
        )
        return _text_at(answer, "outboundSMSMessageRequest", "resourceURL")

    def _token(self) -> str:
        answer = self._post(
            "/oauth/v3/token", data={"grant_type": "client_credentials"}, auth=self._keys
        )
        token = _text_at(answer, "access_token")
        if not token:
            raise SmsFailed("no token")
        return token

    def _post(self, path: str, **content: object) -> object:
        try:
            answer = requests.post(
                self._base_url + path,
                timeout=SECONDS_TO_WAIT,
                allow_redirects=False,
                **content,  # type: ignore[arg-type]
            )
        except requests.RequestException as error:
            raise SmsFailed(type(error).__name__) from error
        if answer.status_code in (200, 201):
            return _json(answer)
        words = f"HTTP {answer.status_code} {answer.text[:200]}"
        if 400 <= answer.status_code < 500 and answer.status_code not in (401, 408, 425, 429):
            raise SmsRefused(words)
        raise SmsFailed(words)


def gateway() -> SmsGateway | None:
    """Return the gateway of the settings, None when SMS are off."""
    if not (settings.SMS_CLIENT_ID and settings.SMS_CLIENT_SECRET and settings.SMS_SENDER):
        return None
    return OrangeSms(
        base_url=settings.SMS_BASE_URL,
        client_id=settings.SMS_CLIENT_ID,
        client_secret=settings.SMS_CLIENT_SECRET,
        sender=settings.SMS_SENDER,
        name=settings.SMS_SENDER_NAME,
    )


def international(number: str) -> str:
    """Return a telephone number such as +2250700000000, or nothing if it cannot be one.

    Ten digits are a number of Côte d’Ivoire.
    """
    digits = "".join(letter for letter in number if letter.isdigit())
    if digits.startswith("00"):
        digits = digits[2:]
    elif not number.strip().startswith("+") and len(digits) == LOCAL_DIGITS:
        digits = DIALLING_CODE + digits
    return f"+{digits}" if 8 <= len(digits) <= 15 else ""


def _json(answer: requests.Response) -> object:
    try:
        return answer.json()
    except ValueError as error:
        raise SmsFailed("not JSON") from error


def _text_at(answer: object, *path: str) -> str:
    for name in path:
        answer = answer.get(name) if isinstance(answer, dict) else None
    return answer if isinstance(answer, str) else ""
