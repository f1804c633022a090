"""Notices on devices (Web Push, RFC 8030): encrypted for the browser, signed by us (VAPID).

Without keys in the settings nothing of it exists. The push service reads neither the words nor
the address: only the browser holds the key (RFC 8291).
"""

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import http_ece
import requests
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from py_vapid import Vapid02

from core.notify.events import events
from core.notify.models import PushSubscription
from core.outbox.services import Piece, owe_all

TOPIC = "push"
SECONDS_TO_WAIT = 10
KEPT_BY_SERVICE = timedelta(hours=24)  # for a device that is switched off
SIGNED_FOR = timedelta(hours=12)
GONE = (404, 410)
# Nothing that two readers of addresses may read differently, such as a backslash in the host.
ENDPOINT = re.compile(r"https://([a-z0-9.-]+(?::\d+)?)(?:/[!-~]*)?", re.IGNORECASE)


class PushFailed(Exception):
    """The push service did not take a message; it may the next time."""


class ForbiddenEndpoint(Exception):
    """The address of a subscription is none of a push service that we know."""


@dataclass(frozen=True)
class Message:
    """What a person is told on their devices, and the moment it may buzz."""

    event: str
    key: str
    client_id: int
    text: str
    url: str
    at: datetime


def is_on() -> bool:
    """Tell whether this site has keys to sign with."""
    return bool(settings.VAPID_PUBLIC_KEY and settings.VAPID_PRIVATE_KEY)


def check_endpoint(endpoint: str) -> None:
    """Refuse an address that our server should not call.

    Only https, only the hosts of `PUSH_HOSTS`: ".push.apple.com" stands for all below it.

    :raises ForbiddenEndpoint: if it is another.
    """
    found = ENDPOINT.fullmatch(endpoint)
    host = found[1].lower() if found else ""
    if not any(
        host == name or (name.startswith(".") and host.endswith(name))
        for name in settings.PUSH_HOSTS
    ):
        raise ForbiddenEndpoint(endpoint)


def owe_pushes(messages: Mapping[int, Message]) -> None:
    """Owe each person their message on each of their devices; once by key and device."""
    if not messages:
        return
    devices = PushSubscription.objects.filter(user__in=list(messages))
    pieces = [
        _piece(device_id, user_id, messages[user_id])
        for device_id, user_id in devices.values_list("pk", "user_id")
    ]
    owe_all(TOPIC, pieces)


def _piece(device_id: int, user_id: int, message: Message) -> Piece:
    return Piece(
        key=f"push:{device_id}:{message.key}"[:200],
        payload={
            "device_id": device_id,
            "user_id": user_id,
            "event": message.event,
            "client_id": message.client_id,
            "text": message.text,
            "url": message.url,
        },
        client_id=message.client_id,
        at=message.at,
    )


def send_push(payload: Mapping[str, Any], *, at: datetime) -> bool:
    """Send one owed message, unless the device changed hands or the person may not read it.

    :raises PushFailed: if the push service cannot be reached or refuses for now.
    """
    devices = PushSubscription.objects.select_related("user")
    device = devices.filter(pk=payload["device_id"], user_id=payload["user_id"]).first()
    event = events().get(payload["event"])
    if device is None or event is None or not is_on():
        return False
    if not event.concerns(device.user, payload["client_id"]):
        return False
    return _post(device, {"text": payload["text"], "url": payload["url"]}, at)


def _post(device: PushSubscription, words: dict[str, str], at: datetime) -> bool:
    try:
        check_endpoint(device.endpoint)
        answer = requests.post(
            device.endpoint,
            data=_encrypted(device, json.dumps(words).encode()),
            headers={
                "Content-Encoding": "aes128gcm",
                "Content-Type": "application/octet-stream",
                "TTL": str(int(KEPT_BY_SERVICE.total_seconds())),
                "Urgency": "normal",
                **_signature(device.endpoint, at),
            },
            timeout=SECONDS_TO_WAIT,
            allow_redirects=False,
        )
    except requests.RequestException as error:
        raise PushFailed(type(error).__name__) from error
    except ForbiddenEndpoint:
        device.delete()
        return False
    if answer.status_code in GONE:
        device.delete()
        return False
    if not 200 <= answer.status_code < 300:
        raise PushFailed(f"HTTP {answer.status_code}")
    return True


def _encrypted(device: PushSubscription, content: bytes) -> bytes:
    """Encrypt for the browser of a device, with a key made for this message (RFC 8291)."""
    return http_ece.encrypt(
        content,
        private_key=ec.generate_private_key(ec.SECP256R1()),
        dh=from_base64(device.p256dh),
        auth_secret=from_base64(device.auth),
        version="aes128gcm",
    )


def _signature(endpoint: str, at: datetime) -> dict[str, str]:
    """Return the header that says who we are (RFC 8292), good for the host of this address."""
    parts = urlsplit(endpoint)
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int((at + SIGNED_FOR).timestamp()),
        "sub": settings.VAPID_SUBJECT,
    }
    return Vapid02.from_string(settings.VAPID_PRIVATE_KEY).sign(claims)


def from_base64(text: str) -> bytes:
    """Return the bytes of a base64url text, padded or not.

    :raises ValueError: if it is none.
    """
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
