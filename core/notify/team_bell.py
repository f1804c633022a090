"""The bell of the back-office: what a person has not read, and reading it."""

import logging
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.db.models import QuerySet
from redis.exceptions import RedisError

from core.notify.models import TeamNotice

logger = logging.getLogger(__name__)

SECONDS = 600
MOST_COUNTED = 100  # « 99+ » beyond


def notices_of(user: Any) -> QuerySet[TeamNotice]:
    """Return the notices of a person, newest first; nobody else sees them."""
    return TeamNotice.objects.filter(user=user).order_by("-created_at", "-pk")


def unread_by_team(user: Any) -> int:
    """Return how many notices a person has not read, a hundred at most; kept in Redis."""
    try:
        kept = cache.get(_key(user.pk))
    except RedisError:
        return _count(user)
    if kept is None:
        kept = _count(user)
        cache.set(_key(user.pk), kept, SECONDS)
    return kept


def forget_team_unread(user_ids: Iterable[int]) -> None:
    """Have the notices of some people counted again, once the transaction is committed."""
    keys = [_key(user_id) for user_id in user_ids]
    transaction.on_commit(lambda: _forget(keys))


@transaction.atomic
def read_team_notices(*, user: Any, at: datetime, pk: int | None = None) -> int:
    """Mark one notice of a person read, or all of them; return how many were not."""
    unread = TeamNotice.objects.filter(user=user, read_at=None)
    if pk is not None:
        unread = unread.filter(pk=pk)
    count = unread.update(read_at=at)
    forget_team_unread([user.pk])
    return count


def _count(user: Any) -> int:
    unread = TeamNotice.objects.filter(user=user, read_at=None).values("pk")
    return unread[:MOST_COUNTED].count()


def _forget(keys: list[str]) -> None:
    try:
        cache.delete_many(keys)
    except RedisError:
        logger.warning("Redis is away; counts of notices are late by %s seconds at most", SECONDS)


def _key(user_id: int) -> str:
    return f"team-unread:{user_id}"
