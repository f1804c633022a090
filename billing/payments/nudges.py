"""Asking the worker to do soon what the sweep would do anyway."""

import logging
from typing import Any

from django.core.cache import cache
from django.db import transaction
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

BETWEEN_NUDGES = 5  # seconds, per attempt


def ask_soon(attempt_id: int) -> None:
    """Have the worker check an attempt after the commit, at most once in five seconds."""
    from billing.payments.tasks import check_attempt

    try:
        if not cache.add(f"payments:nudge:{attempt_id}", 1, timeout=BETWEEN_NUDGES):
            return
    except RedisError:
        return  # without Redis there is no worker to nudge
    transaction.on_commit(lambda: _send(check_attempt, attempt_id=attempt_id))


def work_inbox_soon() -> None:
    """Have the worker look at the inbox after the commit."""
    from billing.payments.tasks import drain_inbox

    transaction.on_commit(lambda: _send(drain_inbox))


def _send(task: Any, **values: Any) -> None:
    try:
        task.delay(**values)
    except OperationalError:
        logger.warning("The broker is away; the sweep will do %s", task.name)
