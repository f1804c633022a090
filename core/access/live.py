"""The stream that tells an open page what changed, so that it reads itself again.

It carries the name of what changed, never the change: the page asks through its own address, with
its own permissions. A topic is told to who holds its grant only. Without this stream (no ASGI
server, Redis away, too many open) pages look for themselves from time to time.
"""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from asgiref.sync import sync_to_async
from django.contrib.auth.views import redirect_to_login
from django.core.handlers.asgi import ASGIRequest
from django.db import connections
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from redis.exceptions import RedisError

from core.access.grants import Grants, grants_of
from core.access.roles import Grant
from core.live.listening import MISSED, Signal, Waiting, hub
from core.live.publishing import client_channel, person_channel

GRANT_OF_TOPIC: dict[str, str] = {
    "projects": Grant.VIEW_PROJECTS,
    "tasks": Grant.VIEW_PROJECTS,
    "documents": Grant.VIEW_PROJECTS,
    "tickets": Grant.OPEN_TICKETS,
    "quotes": Grant.VIEW_BILLING,
    "invoices": Grant.VIEW_BILLING,
    "payments": Grant.VIEW_BILLING,
}
PERSONAL = frozenset({"notices"})
OF_PROJECTS = frozenset({"projects", "tasks", "documents"})

SECONDS_BETWEEN_PINGS = 15
SECONDS_OPEN = 600  # then the browser comes again, with the rights it has by then
LONGEST_MOMENT = 12  # digits
MOST_STREAMS = 6  # of one person in one process
_open: Counter[int] = Counter()


@dataclass(frozen=True)
class Listener:
    """Who listens, and what they may hear of."""

    user_id: int
    grants: Grants
    client_ids: tuple[int, ...]
    since: int | None = None

    @property
    def channels(self) -> list[str]:
        return [person_channel(self.user_id), *map(client_channel, self.client_ids)]

    def heard(self, signal: Signal) -> Signal | None:
        """Return what may be told of a signal: all, the topic alone, or nothing."""
        if signal.topic in PERSONAL or signal is MISSED:
            return signal
        grant = GRANT_OF_TOPIC.get(signal.topic, "")
        if any(client_channel(pk) == signal.channel for pk in self.grants.clients_with(grant)):
            return signal
        if signal.topic in OF_PROJECTS and self.grants.projects:
            return Signal(signal.channel, signal.topic)  # of some project, maybe not theirs
        return None


async def live(request: HttpRequest) -> HttpResponseBase:
    """Stream what changes for the person, as server-sent events."""
    listener = await sync_to_async(_listener)(request)
    if listener is None:
        return redirect_to_login(request.path)
    if not isinstance(request, ASGIRequest) or _open[listener.user_id] >= MOST_STREAMS:
        return HttpResponse(status=204)  # browsers then stop asking; the page looks for itself
    return StreamingHttpResponse(
        _events(listener),
        content_type="text/event-stream",
        headers={
            "Cache-Control": "private, no-store",
            "X-Accel-Buffering": "no",
            "Content-Encoding": "identity",  # a compressed stream would wait for more to compress
        },
    )


def _listener(request: HttpRequest) -> Listener | None:
    user: Any = request.user
    if not user.is_authenticated or not user.is_active:
        return None
    grants, since = grants_of(user), request.GET.get("depuis", "")
    is_moment = since.isdecimal() and len(since) < LONGEST_MOMENT
    return Listener(
        user_id=user.pk,
        grants=grants,
        client_ids=tuple(sorted(grants.all_clients)),
        since=int(since) if is_moment else None,
    )


async def _events(listener: Listener) -> AsyncIterator[bytes]:
    # The stream needs no database: its connection goes back before the long wait.
    await sync_to_async(connections.close_all)()
    _open[listener.user_id] += 1
    try:
        if _open[listener.user_id] > MOST_STREAMS:  # many came before the first was counted
            return
        async with hub().listening(listener.channels, since=listener.since) as waiting:
            yield b"retry: 5000\n: open\n\n"
            async for event in _heard(listener, waiting):
                yield event
    except RedisError:
        yield b"event: away\ndata: {}\n\n"
    finally:
        _open[listener.user_id] -= 1


async def _heard(listener: Listener, waiting: Waiting) -> AsyncIterator[bytes]:
    """Give the events of one stream, until its time is over or no more will come."""
    loop = asyncio.get_running_loop()
    end = loop.time() + SECONDS_OPEN
    while (left := end - loop.time()) > 0:
        try:
            signal = await asyncio.wait_for(waiting.get(), min(left, SECONDS_BETWEEN_PINGS))
        except TimeoutError:
            yield b": ping\n\n"
            continue
        if signal is None:
            raise RedisError("no more signals")
        heard = listener.heard(signal)
        if heard is not None:
            facts = json.dumps({"topic": heard.topic, "row": heard.row})
            yield f"event: change\ndata: {facts}\n\n".encode()
