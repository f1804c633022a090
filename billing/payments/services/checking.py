"""Asking a provider how an attempt stands: when told, when asked, and by the clock."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import F, Q
from django.utils import translation

from billing.payments import gateways, schedule
from billing.payments.models import AttemptEvent, PaymentAttempt
from billing.payments.providers.base import GatewayError, Snapshot
from billing.payments.services.opening import ref_of
from billing.payments.services.settlement import Outcome, apply_snapshot
from core import rls

logger = logging.getLogger(__name__)

BETWEEN_CHECKS = timedelta(seconds=5)
LEASE = timedelta(minutes=2)  # of the sweep, on an attempt it is asking about


class TooSoon(Exception):
    """The provider was asked about this attempt seconds ago."""


def check_attempt(*, attempt_id: int, source: str, at: datetime) -> Outcome:
    """Ask the provider about an attempt, at most once in five seconds, and apply the answer.

    Must not run inside a transaction. No answer leaves the attempt as it is.

    :raises TooSoon: if it was asked about seconds ago.
    :raises GatewayError: if the provider does not answer, or is off.
    """
    with rls.staff("payments: ask the provider about any attempt"):
        attempt = _claim(attempt_id, at)
        with translation.override(settings.LANGUAGE_CODE):  # the team reads what is kept of it
            snapshot = _fetch(attempt, at)
            return apply_snapshot(attempt_id=attempt.pk, snapshot=snapshot, source=source, at=at)


def sweep_payments(*, at: datetime, limit: int = 200) -> int:
    """Ask about the attempts whose time has come, each by one worker; return how many."""
    with rls.staff("payments: the sweep looks at every client's attempts"):
        due = _take_due(at, limit)
        for attempt_id in due:
            _sweep_one(attempt_id, at)
    return len(due)


def _claim(attempt_id: int, at: datetime) -> PaymentAttempt:
    free = Q(last_checked_at=None) | Q(last_checked_at__lte=at - BETWEEN_CHECKS)
    taken = PaymentAttempt.objects.filter(free, pk=attempt_id).update(
        last_checked_at=at, checks=F("checks") + 1
    )
    if not taken:
        raise TooSoon(attempt_id)
    return PaymentAttempt.objects.get(pk=attempt_id)


def _fetch(attempt: PaymentAttempt, at: datetime) -> Snapshot:
    with gateways.calling(attempt, at=at) as gateway:
        return gateway.fetch(ref_of(attempt))


@transaction.atomic
def _take_due(at: datetime, limit: int) -> list[int]:
    """Reserve what is due: others skip it, and find it again if this process dies."""
    rows = (
        PaymentAttempt.objects.filter(next_check_at__lte=at)
        .order_by("next_check_at")
        .select_for_update(skip_locked=True)
        .values_list("pk", flat=True)[:limit]
    )
    due = list(rows)
    PaymentAttempt.objects.filter(pk__in=due).update(next_check_at=at + LEASE)
    return due


def _sweep_one(attempt_id: int, at: datetime) -> None:
    try:
        check_attempt(attempt_id=attempt_id, source=AttemptEvent.Source.CHECK, at=at)
    except TooSoon:
        _plan_after_silence(attempt_id, at)
    except GatewayError as error:
        logger.warning("No answer about attempt %s: %s", attempt_id, error)
        _plan_after_silence(attempt_id, at)
    except DatabaseError:
        logger.exception("What is said of attempt %s cannot be kept", attempt_id)
        _plan_after_silence(attempt_id, at)  # the others are asked about all the same


@transaction.atomic
def _plan_after_silence(attempt_id: int, at: datetime) -> None:
    """Plan the next check as if nothing had been said; after three days, keep asking slowly."""
    attempt = PaymentAttempt.objects.select_for_update().get(pk=attempt_id)
    if attempt.next_check_at is None:
        return  # settled meanwhile
    planned = schedule.next_check(reference=attempt.reference, started_at=attempt.created_at, at=at)
    attempt.next_check_at = planned or at + schedule.SLOWLY
    attempt.save(update_fields=["next_check_at"])
