"""A server that speaks the SMS API of Orange as its documentation says, for tests.

It refuses what the real one refuses: a wrong key, an unknown token, an address that is no
number, a sender that is not the account's.
"""

import base64
import json
import re
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import unquote

KEYS = base64.b64encode(b"client:secret").decode()
TOKEN = "jeton-orange"
SENDER = "tel:+2250000"
PATH = re.compile(r"/smsmessaging/v1/outbound/([^/]+)/requests")


class OrangeServer:
    """The server, what it was sent, and the answers it is told to give instead of its own."""

    def __init__(self):
        self.messages, self.forced = [], []
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                status, answer = server.answer(self.path, self.headers, body)
                content = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *arguments):
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._http.server_port}"
        self._thread = Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()

    def answer(self, path, headers, body):
        """Return the status and the JSON of one request."""
        if path == "/oauth/v3/token":
            known = headers.get("Authorization") == f"Basic {KEYS}"
            if not known or body != b"grant_type=client_credentials":
                return 401, {"error": "invalid_client"}
            return 200, {"token_type": "Bearer", "access_token": TOKEN, "expires_in": 3600}
        found = PATH.fullmatch(path)
        if found is None:
            return 404, {"code": 60}
        if headers.get("Authorization") != f"Bearer {TOKEN}":
            return 401, {"code": 42, "message": "Expired credentials"}
        if self.forced:
            return self.forced.pop(0), {"code": 1}
        return self._take(unquote(found[1]), json.loads(body)["outboundSMSMessageRequest"])

    def _take(self, sender, request):
        if sender != SENDER or request["senderAddress"] != SENDER:
            return 403, {"code": 51, "message": "Forbidden sender"}
        if not re.fullmatch(r"tel:\+\d{8,15}", request["address"]):
            return 400, {"requestError": {"serviceException": {"messageId": "SVC0004"}}}
        self.messages.append((request["address"], request["outboundSMSTextMessage"]["message"]))
        place = f"{self.url}/smsmessaging/v1/outbound/{sender}/requests/{len(self.messages)}"
        return 201, {"outboundSMSMessageRequest": {**request, "resourceURL": place}}

    def stop(self):
        """Stop the server and wait for its thread."""
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()
