"""The entry point of the web server: pages in threads, the live stream on the event loop.

A page is ordinary blocking code with a database connection that its thread keeps; the stream of
what changes stays open for minutes and must hold neither.
"""

import gc
import os

from a2wsgi import WSGIMiddleware
from a2wsgi.asgi_typing import Receive, Scope, Send
from django.conf import settings
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nourx_site.settings.dev")

streams = get_asgi_application()

from nourx_site.receiving import answer_whole  # noqa: E402  Django is set up first
from nourx_site.wsgi import application as wsgi_application  # noqa: E402

LIVE = "/client/direct/"

pages = WSGIMiddleware(wsgi_application, workers=settings.WEB_THREADS)


# What was loaded at start stays for good: the collector need not go through it at each page.
gc.collect()
gc.freeze()
gc.set_threshold(5_000, 20, 50)


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Give a request to the side that answers it."""
    if scope["type"] == "http" and scope["path"] == LIVE:
        await streams(scope, receive, send)  # type: ignore[arg-type]
    else:
        await answer_whole(pages, scope, receive, send)  # type: ignore[arg-type]
