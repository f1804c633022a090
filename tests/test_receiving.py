"""A body that comes slowly, or never ends, holds no thread of pages."""

import asyncio

import pytest

from nourx_site import receiving


class Connection:
    """A browser that sends these pieces, then waits, or hangs up."""

    def __init__(self, *pieces, is_left_open=False, path="/connexion/", headers=()):
        self.pieces, self.is_left_open, self.answers = list(pieces), is_left_open, []
        length = str(sum(map(len, pieces)) + is_left_open).encode()
        headers = list(headers or [(b"content-length", length)])
        self.scope = {"type": "http", "method": "POST", "path": path, "headers": headers}

    async def receive(self):
        if self.pieces:
            piece = self.pieces.pop(0)
            has_more = bool(self.pieces) or self.is_left_open
            return {"type": "http.request", "body": piece, "more_body": has_more}
        if self.is_left_open:
            await asyncio.Event().wait()
        return {"type": "http.disconnect"}

    async def send(self, message):
        self.answers.append(message)

    def ask(self):
        """Ask our side, and return what the page was given."""
        given = []

        async def page(scope, receive, send):
            has_more = True
            while has_more:
                message = await receive()
                given.append(message["body"])
                has_more = message["more_body"]
            given.append((await receive())["type"])

        asyncio.run(receiving.answer_whole(page, self.scope, self.receive, self.send))
        return given

    @property
    def status(self):
        return self.answers[0]["status"]


@pytest.mark.parametrize("size", [1, 65_536, 65_537, 1_000_001, 2_900_000])
def test_a_page_is_given_the_whole_body(size):
    whole = bytes(range(256)) * (size // 256) + b"x" * (size % 256)
    pieces = [whole[start : start + 50_000] for start in range(0, size, 50_000)]

    *given, after = Connection(*pieces).ask()

    assert (b"".join(given), after) == (whole, "http.disconnect")


def test_a_body_that_only_says_where_it_ends_is_given_too():
    chunked = [(b"transfer-encoding", b"chunked")]

    assert Connection(b"a=", b"1", headers=chunked).ask() == [b"a=1", "http.disconnect"]


def test_a_body_that_stops_coming_reaches_no_page(monkeypatch):
    monkeypatch.setattr(receiving, "SECONDS_OF_SILENCE", 0.05)
    connection = Connection(b"login=", is_left_open=True)

    assert connection.ask() == []
    assert connection.status == 408


def test_a_browser_that_hangs_up_reaches_no_page():
    cut = Connection(headers=[(b"content-length", b"100")])

    assert cut.ask() == []
    assert cut.answers == []


@pytest.mark.parametrize("headers", [(), [(b"transfer-encoding", b"chunked")]])
def test_a_body_too_large_for_its_address_is_refused(headers):
    pieces = [b"x" * 500_000] * 7
    outside, inside = Connection(*pieces, headers=headers), Connection(*pieces, path="/client/x/")

    assert (outside.ask(), outside.status) == ([], 413)
    assert sum(map(len, inside.ask()[:-1])) == 3_500_000
