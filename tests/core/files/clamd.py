"""A clamd that speaks INSTREAM over a real socket, and knows one virus."""

import socketserver
import threading
from contextlib import contextmanager

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
LIMIT = 100_000  # StreamMaxLength, in bytes


class Clamd(socketserver.StreamRequestHandler):
    """Answers one command as clamd does."""

    def handle(self):
        assert self.rfile.read(10) == b"zINSTREAM\0"
        content = b""
        while length := int.from_bytes(self.rfile.read(4), "big"):
            content += self.rfile.read(length)
            if len(content) > LIMIT:
                self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
                return
        self.server.seen.append(content)
        self.wfile.write(self.server.says or self.verdict(content))

    @staticmethod
    def verdict(content):
        return b"stream: Eicar-Test-Signature FOUND\0" if EICAR in content else b"stream: OK\0"


class OverTcp(socketserver.ThreadingTCPServer):
    daemon_threads = allow_reuse_address = True


class OverUnix(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True


@contextmanager
def running(path=None):
    """Run a scanner on a free port, or on a socket of the file system; give it and its address."""
    server = OverUnix(str(path), Clamd) if path else OverTcp(("127.0.0.1", 0), Clamd)
    server.seen, server.says = [], b""
    address = str(path) if path else f"127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server, address
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
