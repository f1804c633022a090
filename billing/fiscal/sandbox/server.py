"""The imitation over HTTP, with a page to look at what it holds and to choose its next fault."""

from __future__ import annotations

import json
import threading
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

from billing.fiscal.sandbox.state import FAULTS, Fne

LARGEST = 1024 * 1024


class FneServer:
    """An imitation that listens; use it as a context."""

    def __init__(self, fne: Fne, *, host: str = "127.0.0.1", port: int = 0) -> None:
        self.fne = fne
        self._closing = threading.Event()
        self._server = ThreadingHTTPServer((host, port), _handler(fne, self._closing))
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        )

    @property
    def url(self) -> str:
        """The address of the API, to be set as its base URL."""
        return f"http://{self._server.server_address[0]!s}:{self._server.server_port}/ws"

    def __enter__(self) -> FneServer:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _handler(fne: Fne, closing: threading.Event) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._send(200, _page(fne), "text/html; charset=utf-8")

        def do_POST(self) -> None:
            raw = self.rfile.read(min(int(self.headers.get("Content-Length") or 0), LARGEST))
            if self.path == "/faute":
                self._choose(raw.decode())
                return
            key = (self.headers.get("Authorization") or "").removeprefix("Bearer ")
            reply = fne.answer(self.path.removeprefix("/ws"), key, _read(raw))
            if reply.seconds:
                closing.wait(reply.seconds)
            if reply.body is None:
                self.close_connection = True
            else:
                self._send(reply.status, _written(reply.body), "application/json")

        def _choose(self, form: str) -> None:
            fault = parse_qs(form).get("fault", [""])[0]
            if fault in FAULTS:
                fne.faults.append(fault)
            self.send_response(303)
            self.send_header("Location", "/")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def _send(self, status: int, text: str, kind: str) -> None:
            content = text.encode()
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *values: Any) -> None:
            """Say nothing: what came is on the page."""

    return Handler


def _written(body: Any) -> str:
    return body if isinstance(body, str) else json.dumps(body)


def _read(raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except ValueError:
        return None


def _page(fne: Fne) -> str:
    rows = "".join(
        f"<tr><td>{one.kind}<td>{escape(one.label)}<td>{one.reference or 'non signée'}"
        f"<td>{one.net:.2f}<td>{one.vat:.2f}<td>http://54.247.95.108/fr/verification/{one.id}"
        for one in reversed(fne.documents)
    )
    faults = "".join(f'<option value="{name}">{name} – {text}' for name, text in FAULTS.items())
    return (
        '<!doctype html><html lang="fr"><meta charset="utf-8"><title>FNE : imitation</title>'
        "<h1>FNE : imitation, sans valeur légale</h1>"
        f"<p>Stickers : {fne.stickers}. Clé : {escape(fne.key)}. "
        f"Fautes à venir : {', '.join(fne.faults) or 'aucune'}.</p>"
        '<form method="post" action="/faute"><select name="fault">'
        f"{faults}</select> <button>Faute au prochain envoi</button></form>"
        "<table border=1><tr><th>Nature<th>Pied<th>Référence<th>HT<th>TVA<th>Contrôle"
        f"{rows}</table></html>"
    )
