"""Asking the worker to do soon what the sweep would do anyway."""

import logging
from typing import Any

from celery import current_app
from django.core.cache import cache
from django.db import transaction
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

BETWEEN_NUDGES = 5  # seconds, per attempt


def ask_soon(attempt_id: int) -> None:
    """Have the worker check an attempt after the commit, at most once in five seconds."""
    try:
        if not cache.add(f"payments:nudge:{attempt_id}", 1, timeout=BETWEEN_NUDGES):
            return
    except RedisError:
        return  # without Redis there is no worker to nudge
    transaction.on_commit(lambda: _send("check_attempt", attempt_id=attempt_id))


def work_inbox_soon() -> None:
    """Have the worker look at the inbox after the commit."""
    transaction.on_commit(lambda: _send("drain_inbox"))


def _send(task: str, **values: Any) -> None:
    try:
        current_app.send_task(f"billing.payments.tasks.{task}", kwargs=values)
    except OperationalError:
        logger.warning("The broker is away; the sweep will do %s", task)
