"""Telling open pages that something changed: a signal without data, after the commit.

A page that hears it reads itself again through its own address, with its own permissions. Nobody
has to hear: with Redis away nothing is told, and pages show the change when they are next opened.
"""

import json
import logging
import time
from functools import cache

from django.conf import settings
from django.db import transaction
from redis import Redis
from redis.exceptions import RedisError

from core.counting import forget_counts

logger = logging.getLogger(__name__)

TOPICS = frozenset(
    {"projects", "tasks", "documents", "tickets", "quotes", "invoices", "payments", "notices"}
)
SECONDS_TO_WAIT = 1
SECONDS_REMEMBERED = 3600  # longer than a page takes to listen after it was drawn


def client_channel(client_id: int) -> str:
    """Return the channel that everybody of a client may hear."""
    return f"{settings.CACHES['default']['KEY_PREFIX']}:live:client:{client_id}"


def person_channel(user_id: int) -> str:
    """Return the channel that one person hears."""
    return f"{settings.CACHES['default']['KEY_PREFIX']}:live:person:{user_id}"


def last_change_key(channel: str) -> str:
    """Return where the moment of the last change told on a channel is kept."""
    return channel.replace(":live:", ":live-last:")


def tell(topic: str, *, client_id: int, row: int | str = "") -> None:
    """Tell the pages of a client, once the transaction is committed, that a topic changed.

    `topic` is a plural such as "tasks" or "tickets"; `row` the id of what changed, when a page of
    that row alone may care. Neither may hold anything a client should not read.

    :raises ValueError: if the topic is not one of `TOPICS`.
    """
    if topic not in TOPICS:
        raise ValueError(topic)
    forget_counts(client_id)
    _publish_later(client_channel(client_id), topic, row)


def tell_person(topic: str, *, user_id: int) -> None:
    """Tell the pages of one person, once the transaction is committed, that a topic changed."""
    _publish_later(person_channel(user_id), topic, "")


def _publish_later(channel: str, topic: str, row: int | str) -> None:
    message = json.dumps({"topic": topic, "row": str(row)})
    transaction.on_commit(lambda: _publish(channel, message))


def _publish(channel: str, message: str) -> None:
    try:
        with _redis(settings.REDIS_URL).pipeline() as both:
            both.set(last_change_key(channel), int(time.time()), ex=SECONDS_REMEMBERED)
            both.publish(channel, message)
            both.execute()
    except RedisError:
        logger.warning("Redis is away; open pages are not told of a change")


@cache
def _redis(url: str) -> Redis:
    return Redis.from_url(url, socket_timeout=SECONDS_TO_WAIT, socket_connect_timeout=1)
