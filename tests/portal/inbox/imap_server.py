"""A mailbox that speaks IMAP over the loopback: enough of RFC 3501 for imaplib to read it."""

import re
import socketserver
import threading
from contextlib import contextmanager


class ImapMailbox:
    """Messages by UID, the password, and what the server was asked."""

    def __init__(self):
        self.messages = {}
        self.uid_validity = 7
        self.password = "mot-de-passe"
        self.asked = []
        self.port = 0


class _Handler(socketserver.StreamRequestHandler):
    def say(self, text):
        self.wfile.write(text if isinstance(text, bytes) else text.encode() + b"\r\n")

    def handle(self):
        self.say("* OK IMAP4rev1 ready")
        while line := self.rfile.readline():
            tag, _space, command = line.decode().strip().partition(" ")
            self.server.box.asked.append(command)
            if not self.answer(tag, command):
                return

    def answer(self, tag, command):
        box, verb = self.server.box, command.split()[0].upper()
        if verb == "CAPABILITY":
            self.say("* CAPABILITY IMAP4rev1")
        elif verb == "LOGIN" and box.password not in command:
            self.say(f"{tag} NO [AUTHENTICATIONFAILED] refused")
            return True
        elif verb in ("SELECT", "EXAMINE"):
            self.say(f"* {len(box.messages)} EXISTS")
            self.say(f"* OK [UIDVALIDITY {box.uid_validity}] valid")
        elif verb == "LOGOUT":
            self.say("* BYE")
            self.say(f"{tag} OK bye")
            return False
        elif command.upper().startswith("UID SEARCH"):
            first = int(re.search(r"UID (\d+):", command).group(1))
            found = [uid for uid in sorted(box.messages) if uid >= first]
            found = found or sorted(box.messages)[-1:]  # « n:* » names the last one, whatever n
            self.say("* SEARCH " + " ".join(str(uid) for uid in found))
        elif command.upper().startswith("UID FETCH"):
            self.fetch(command)
        self.say(f"{tag} OK done")
        return True

    def fetch(self, command):
        uid = int(re.search(r"FETCH (\d+)", command, re.I).group(1))
        raw = self.server.box.messages[uid]
        size = raw if isinstance(raw, int) else len(raw)
        if "RFC822.SIZE" in command:
            self.say(f"* 1 FETCH (UID {uid} RFC822.SIZE {size})")
            return
        content = b"Message-ID: <lourd@acme.test>\r\n\r\n" if isinstance(raw, int) else raw
        self.say(f"* 1 FETCH (UID {uid} BODY[] {{{len(content)}}}")
        self.say(content)
        self.say(")")


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


@contextmanager
def serving():
    """Run a mailbox on a free port of the loopback."""
    box = ImapMailbox()
    with _Server(("127.0.0.1", 0), _Handler) as server:
        server.box, box.port = box, server.server_address[1]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield box
        server.shutdown()
