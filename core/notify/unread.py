"""What the bell and the home page show of notices: kept in Redis, forgotten at a change."""

import logging
from collections.abc import Iterable
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.db.models import Count, Q, Window
from redis.exceptions import RedisError

from core.access.grants import grants_of
from core.access.roles import Grant
from core.notify.models import Notification

logger = logging.getLogger(__name__)

SECONDS = 300
MOST_LATEST = 4
Summary = tuple[int, list[Notification]]


def unread_count(user: Any) -> int:
    """Return how many notices a person may read and has not opened."""
    return summary_of(user)[0]


def summary_of(user: Any) -> Summary:
    """Return the count and the newest notices: those kept, or read again in one query.

    What is kept says of which clients it is: it serves nobody whose rights changed since.
    """
    clients = sorted(grants_of(user).clients_with(Grant.ENTER))
    if not clients:
        return 0, []
    try:
        kept = cache.get(_key(user.pk))
    except RedisError:
        return _read(user)
    if kept and kept[0] == clients:
        return kept[1]
    found = _read(user)
    cache.set(_key(user.pk), (clients, found), SECONDS)
    return found


def forget_unread(user_ids: Iterable[int]) -> None:
    """Have the notices of some people counted again, once the transaction is committed."""
    keys = [_key(user_id) for user_id in user_ids]
    transaction.on_commit(lambda: _forget(keys))


def _forget(keys: list[str]) -> None:
    try:
        cache.delete_many(keys)
    except RedisError:
        logger.warning("Redis is away; counts of notices are late by %s seconds at most", SECONDS)


def _read(user: Any) -> Summary:
    unread = Window(Count("pk", filter=Q(read_at=None)))
    mine = Notification.objects.visible_to(user).filter(user=user).annotate(unread=unread)
    latest: list[Any] = list(mine.order_by("-created_at", "-pk")[:MOST_LATEST])
    return (latest[0].unread if latest else 0), latest


def _key(user_id: int) -> str:
    return f"unread-notices:{user_id}"
