"""A browser on a link that drops at the worst moments, over real sockets."""

import re
import socket
import struct
from urllib.parse import urlencode, urlsplit

ENOUGH = 65_536


class DroppingLink:
    """Sends one form again and again, cut somewhere each time, until an answer came whole."""

    def __init__(self, address, headers, chance):
        place = urlsplit(address)
        self.host = (place.hostname, place.port)
        self.headers, self.chance = headers, chance

    def send_until_answered(self, path, fields, key):
        """Return the status of the answer, where it leads, and how often the link dropped."""
        request = self._request(path, urlencode(fields).encode(), key)
        for drops in range(50):
            cut = self.chance.choice(CUTS) if self.chance.random() < 0.6 else answered
            with socket.create_connection(self.host, timeout=20) as link:
                answer = cut(link, request, self.chance)
            if answer:
                return (*read(answer), drops)
        raise AssertionError("the link dropped fifty times in a row")

    def _request(self, path, body, key):
        lines = {
            "Host": f"{self.host[0]}:{self.host[1]}",
            "Content-Type": "application/x-www-form-urlencoded",
            "Content-Length": len(body),
            "Connection": "close",
            "Idempotency-Key": key,
            "X-Outbox": "1",
            **self.headers,
        }
        head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        return f"POST {path} HTTP/1.1\r\n{head}\r\n".encode(), body


def read(answer):
    head, body = answer.split(b"\r\n\r\n", 1)
    found = re.search(rb'"location": ?"([^"]+)"', body)
    return int(head.split()[1]), found[1].decode() if found else ""


def whole(link):
    pieces = []
    while piece := link.recv(ENOUGH):
        pieces.append(piece)
    return b"".join(pieces)


def reset(link):
    """Close at once, with what is on its way thrown away."""
    link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def answered(link, request, chance):
    link.sendall(b"".join(request))
    return whole(link)


def cut_in_the_head(link, request, chance):
    head, _body = request
    link.sendall(head[: chance.randrange(1, len(head))])


def cut_in_the_body(link, request, chance):
    """Drop the link in the middle of the form: the server sees it end."""
    head, body = request
    link.sendall(head + body[: chance.randrange(len(body))])
    link.shutdown(socket.SHUT_WR)
    whole(link)


def reset_in_the_body(link, request, chance):
    head, body = request
    link.sendall(head + body[: chance.randrange(len(body))])
    reset(link)


def left_before_the_answer(link, request, chance):
    link.sendall(b"".join(request))


def reset_before_the_answer(link, request, chance):
    link.sendall(b"".join(request))
    reset(link)


def left_in_the_answer(link, request, chance):
    link.sendall(b"".join(request))
    link.recv(chance.randrange(1, 100))


CUTS = [
    cut_in_the_head,
    cut_in_the_body,
    reset_in_the_body,
    left_before_the_answer,
    reset_before_the_answer,
    left_in_the_answer,
]
