"""A run as `make run` keeps one, over two small processes: `supervised_run.py FOLDER PORT CODE`."""

import sys
from pathlib import Path

from nourx_site.local.backing import Servers
from nourx_site.local.supervision import Supervision
from nourx_site.local.watchdog import watching

WEB = """
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer

class Page(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path == "/healthz" else 404)
        self.end_headers()

HTTPServer(("127.0.0.1", int(sys.argv[2])), Page).serve_forever()
"""

if __name__ == "__main__":
    folder, port, worker = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    (folder / "log").mkdir()
    commands = {
        "web": [sys.executable, "-c", WEB, str(folder), str(port)],
        "worker": [sys.executable, "-c", worker, str(folder)],
    }
    with watching(folder):
        sys.exit(Supervision(Servers(folder), commands, {}, port=port).run())
