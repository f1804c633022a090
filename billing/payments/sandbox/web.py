"""The little of HTTP the sandbox needs: a request, a response, a table of addresses."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

MAX_BODY = 64 * 1024


@dataclass(frozen=True)
class Request:
    """A request, read whole."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    origin: str  # scheme and host the caller used
    query: Mapping[str, str] = field(default_factory=dict)

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))


@dataclass(frozen=True)
class Response:
    """A response, ready to send."""

    body: bytes = b""
    status: int = 200
    content_type: str = "text/plain; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)


Handler = Callable[..., Response]


@dataclass(frozen=True)
class Route:
    """A method and an address, and who answers there."""

    method: str
    path: re.Pattern[str]
    handler: Handler


def route(method: str, path: str, handler: Handler) -> Route:
    """Return a route; `<name>` in the path takes one segment and is passed by name."""
    return Route(method, re.compile(re.sub(r"<(\w+)>", r"(?P<\1>[^/]+)", path)), handler)


def find_route(routes: Iterable[Route], request: Request) -> tuple[Handler, dict] | Response:
    """Return who answers a request and with what, or the 404 or 405 to send."""
    found = [(each, match) for each in routes if (match := each.path.fullmatch(request.path))]
    for each, match in found:
        if request.method in {each.method, "HEAD" if each.method == "GET" else each.method}:
            return each.handler, match.groupdict()
    return Response(b"Not found", 405 if found else 404)


def read_request(environ: Mapping[str, Any]) -> Request:
    """Return the request of a WSGI environment, its body cut at 64 KiB."""
    length = int(environ.get("CONTENT_LENGTH") or 0)
    headers = {
        name.removeprefix("HTTP_").replace("_", "-").lower(): value
        for name, value in environ.items()
        if name.startswith("HTTP_") or name == "CONTENT_TYPE"
    }
    return Request(
        method=environ["REQUEST_METHOD"],
        path=environ["PATH_INFO"],
        headers=headers,
        body=environ["wsgi.input"].read(min(length, MAX_BODY)),
        origin=f"{environ['wsgi.url_scheme']}://{headers.get('host', 'localhost')}",
        query=dict(parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True)),
    )


def send(response: Response, start_response: Callable) -> list[bytes]:
    """Hand a response to the WSGI server."""
    status = f"{response.status} {HTTPStatus(response.status).phrase}"
    headers = {
        "Content-Type": response.content_type,
        "Content-Length": str(len(response.body)),
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        **response.headers,
    }
    start_response(status, list(headers.items()))
    return [response.body]


def json_response(value: object, status: int = 200) -> Response:
    """Return a value as JSON."""
    return Response(json.dumps(value).encode(), status, "application/json")


def redirect(path: str) -> Response:
    """Send the browser elsewhere with a GET."""
    return Response(status=303, headers={"Location": path})
