"""Serve the sandbox and the stand-ins over HTTP: a thread per request, one minds the clock."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Mapping
from socketserver import TCPServer, ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from .api import Api
from .checkout import Checkout
from .clock import RealClock
from .control import Control
from .faults import Faults
from .rails import RAILS, Book, RailKeys, RailPages
from .state import Sandbox
from .web import Request, Response, find_route, read_request, route, send

TICK = 0.2  # seconds between two looks at what is due

logger = logging.getLogger(__name__)


class Application:
    """The sandbox as a WSGI application."""

    def __init__(
        self, sandbox: Sandbox, *, control_token: str = "", merchant_url: str = ""
    ) -> None:
        self.faults = Faults()
        self.book = Book(sandbox.clock, sandbox.outbox, merchant_url=merchant_url)
        rails = [rail(self.book, self.faults, RailKeys()) for rail in RAILS]
        self._routes = [
            route("GET", "/healthz", _say_ok),
            *Api(sandbox, self.faults).routes,
            *Checkout(sandbox).routes,
            *(each for rail in rails for each in rail.routes),
            *RailPages(self.book, sandbox.merchant.name).routes,
            *Control(sandbox, self.faults, control_token).routes,
        ]

    def __call__(self, environ: Mapping[str, Any], start_response: Callable) -> Iterable[bytes]:
        request = read_request(environ)
        found = find_route(self._routes, request)
        if not isinstance(found, Response):
            handler, names = found
            found = handler(request, **names)
        if request.method == "HEAD":
            found = Response(b"", found.status, found.content_type, found.headers)
        return send(found, start_response)


def _say_ok(request: Request) -> Response:
    return Response(b"ok")


class _Handler(WSGIRequestHandler):
    timeout = 30

    def log_message(self, format: str, *values: object) -> None:
        logger.debug(format, *values)


class _ThreadedServer(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def server_bind(self) -> None:
        TCPServer.server_bind(self)  # HTTPServer's would ask the network for our name
        self.server_name, self.server_port = str(self.server_address[0]), self.server_address[1]
        self.setup_environ()

    def handle_error(self, request: object, client_address: object) -> None:
        logger.debug("connection broken", exc_info=True)


class SandboxServer:
    """A sandbox that listens; use it as a context, or start and close it."""

    def __init__(
        self,
        sandbox: Sandbox,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        control_token: str = "",
        merchant_url: str = "",
    ) -> None:
        self.sandbox = sandbox
        self.application = Application(
            sandbox, control_token=control_token, merchant_url=merchant_url
        )
        self._server = _ThreadedServer((host, port), _Handler)
        self._server.set_app(self.application)
        self._closing = threading.Event()
        self._threads: list[threading.Thread] = []

    @property
    def url(self) -> str:
        """The address it answers at."""
        return f"http://{self._server.server_name}:{self._server.server_port}"

    def start(self) -> SandboxServer:
        """Listen, and with a real clock mind it, until closed."""
        jobs: list[Callable] = [self._serve]
        if isinstance(self.sandbox.clock, RealClock):
            jobs.append(self._mind_clock)
        self._threads = [threading.Thread(target=job, daemon=True) for job in jobs]
        for thread in self._threads:
            thread.start()
        return self

    def close(self) -> None:
        """Stop listening and let go of whoever waits."""
        self._closing.set()
        self.application.faults.clear()
        self._server.shutdown()
        self._server.server_close()
        for thread in self._threads:
            thread.join()

    def __enter__(self) -> SandboxServer:
        return self.start()

    def __exit__(self, *error: object) -> None:
        self.close()

    def _serve(self) -> None:
        self._server.serve_forever(poll_interval=0.05)

    def _mind_clock(self) -> None:
        while not self._closing.wait(TICK):
            self.sandbox.run_due()
