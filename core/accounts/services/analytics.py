"""Counting what people do, in PostHog: with their consent, ids only, each act once."""

import uuid
from datetime import datetime
from typing import Any

import requests
from django.conf import settings

from core.accounts.models import User
from core.outbox.services import owe

TOPIC = "analytics"
SECONDS_TO_WAIT = 10
NAMESPACE = uuid.UUID("6f1d6a55-8f0c-4d0c-9d53-0f6a4f4f4e11")


def count_act(act: str, *, user: Any, key: str, at: datetime, **ids: int) -> None:
    """Owe PostHog one event, in the transaction of the act; nothing without a key or consent.

    `act` is payment_tried, payment_paid or document_uploaded; `key` tells one act from another;
    `ids` are the ids of the rows it is about, never a name, an address or an amount.
    """
    if not settings.POSTHOG_KEY or user is None or not getattr(user, "analytics_since", None):
        return
    payload = {"act": act, "user_id": user.pk, "ids": ids, "key": key, "at": at.isoformat()}
    owe(TOPIC, key=f"{TOPIC}:{act}:{key}", payload=payload)


def send_act(*, act: str, user_id: int, ids: dict[str, int], key: str, at: str) -> None:
    """Send one event, unless the consent was taken back since. Sent twice, it counts once.

    :raises requests.RequestException: if PostHog does not take it; the worker tries again.
    """
    consents = User.objects.filter(pk=user_id, analytics_since__isnull=False)
    if not settings.POSTHOG_KEY or not consents.exists():
        return
    answer = requests.post(
        f"{settings.POSTHOG_HOST.rstrip('/')}/i/v0/e/",
        json={
            "api_key": settings.POSTHOG_KEY,
            "uuid": str(uuid.uuid5(NAMESPACE, f"{act}:{key}")),
            "event": act,
            "distinct_id": f"user-{user_id}",
            "timestamp": at,
            "properties": {**ids, "$process_person_profile": False, "$geoip_disable": True},
        },
        timeout=SECONDS_TO_WAIT,
    )
    answer.raise_for_status()
