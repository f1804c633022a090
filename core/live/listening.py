"""Hearing what is published: one subscription per process, handed to whoever listens.

A listener gets the signals of its channels in a queue. When Redis goes away every queue ends, and
the pages behind them look for themselves from time to time instead.
"""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from django.conf import settings
from redis.asyncio import Redis
from redis.exceptions import RedisError

from core.live.publishing import last_change_key

logger = logging.getLogger(__name__)

MOST_WAITING = 100  # signals a slow reader may have before it; beyond, it reads everything again


@dataclass(frozen=True)
class Signal:
    """Something changed. `row` may be empty: any row of the topic."""

    channel: str
    topic: str
    row: str = ""


MISSED = Signal(channel="", topic="*")
Waiting = asyncio.Queue[Signal | None]


class Hub:
    """The listeners of one process, and the one subscription that feeds them."""

    def __init__(self) -> None:
        self._redis: Redis | None = None
        self._listeners: dict[str, set[Waiting]] = {}
        self._reader: asyncio.Task[None] | None = None
        self._started = asyncio.Event()

    @asynccontextmanager
    async def listening(
        self, channels: Iterable[str], *, since: int | None = None
    ) -> AsyncIterator[Waiting]:
        """Give a queue of the signals of some channels; None in it says that no more will come.

        `since` is when the page was drawn, in seconds of Unix time: what changed between then and
        now was told to nobody, so the first signal says to read everything again.

        :raises redis.exceptions.RedisError: if Redis does not answer.
        """
        waiting: Waiting = asyncio.Queue(MOST_WAITING)
        names = list(channels)
        for name in names:
            self._listeners.setdefault(name, set()).add(waiting)
        try:
            await self._ensure_reader()
            if since is not None and await self._has_changed(names, since):
                _put(waiting, MISSED)
            yield waiting
        finally:
            for name in names:
                self._listeners[name].discard(waiting)
                if not self._listeners[name]:
                    del self._listeners[name]

    async def _ensure_reader(self) -> None:
        if self._reader is None or self._reader.done():
            self._started = asyncio.Event()
            self._reader = asyncio.create_task(self._read())
        started = asyncio.create_task(self._started.wait())
        await asyncio.wait({started, self._reader}, return_when=asyncio.FIRST_COMPLETED)
        started.cancel()
        if self._reader.done():
            self._reader.result()
            raise RedisError("the subscription has ended")

    async def _has_changed(self, names: list[str], since: int) -> bool:
        """Tell whether something changed on one of the channels in that second or after."""
        if self._redis is None:
            return False
        moments = await self._redis.mget([last_change_key(name) for name in names])
        return any(moment is not None and int(moment) >= since for moment in moments)

    async def _read(self) -> None:
        """Hand out what is published until Redis goes away."""
        prefix = settings.CACHES["default"]["KEY_PREFIX"]
        redis = self._redis = Redis.from_url(settings.REDIS_URL, socket_connect_timeout=2)
        try:
            async with redis.pubsub(ignore_subscribe_messages=True) as subscription:
                await subscription.psubscribe(f"{prefix}:live:*")
                self._started.set()
                async for message in subscription.listen():
                    self._hand_out(message["channel"].decode(), message["data"])
        except RedisError:
            if not self._started.is_set():
                raise
            logger.warning("Redis went away: open pages are told nothing until it is back")
        finally:
            for waiting in {one for some in self._listeners.values() for one in some}:
                _put(waiting, None)
            await redis.aclose()

    def _hand_out(self, channel: str, data: bytes) -> None:
        facts = json.loads(data)
        signal = Signal(channel, facts["topic"], facts["row"])
        for waiting in self._listeners.get(channel, ()):
            _put(waiting, signal)


def _put(waiting: Waiting, signal: Signal | None) -> None:
    """Add a signal; a reader too slow for them all is told to read everything again."""
    if waiting.full():
        while not waiting.empty():
            waiting.get_nowait()
        waiting.put_nowait(MISSED)
        if signal is not None:
            return
    waiting.put_nowait(signal)


_hubs: WeakKeyDictionary[asyncio.AbstractEventLoop, Hub] = WeakKeyDictionary()


def hub() -> Hub:
    """Return the hub of the running event loop: one per process of the web server."""
    return _hubs.setdefault(asyncio.get_running_loop(), Hub())
