"""Forms sent over a link that drops at random: each has one effect, with every word of it."""

import random
import uuid
from io import BytesIO
from urllib.parse import urlencode

import pytest
from django.core.exceptions import BadRequest
from django.test import Client as Browser

from core import rls
from core.access.models import Submission
from core.access.whole_bodies import WholeStream
from portal.support.models import Ticket, TicketMessage
from tests.access.cutting import DroppingLink
from tests.conftest import BACKEND

FORM = "/client/support/nouveau/"
FORM_TYPE = "application/x-www-form-urlencoded"
SEED = 20_261_121


def headers_of(user):
    """Return what a signed-in browser sends with each form."""
    browser = Browser()
    browser.force_login(user, backend=BACKEND)
    browser.get(FORM)
    cookies = {name: cookie.value for name, cookie in browser.cookies.items()}
    return {
        "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
        "X-CSRFToken": cookies["csrftoken"],
    }


def form(rank):
    words = " ".join(["Depuis ce matin, le panier se vide."] * (1 + rank % 40))
    return {"subject": f"Panier {rank}", "kind": "question", "priority": 2, "body": words}


def send_forms(address, user, count):
    """Send as many forms, each until it is answered; return the answers and the drops."""
    link = DroppingLink(address, headers_of(user), random.Random(SEED))
    answers = [
        link.send_until_answered(FORM, form(rank), str(uuid.UUID(int=rank + 1, version=4)))
        for rank in range(count)
    ]
    return [answer[:2] for answer in answers], sum(answer[2] for answer in answers)


def kept():
    """Return what each ticket says, by its address."""
    with rls.staff("test"):
        rows = TicketMessage.objects.values_list("ticket", "ticket__subject", "body")
        return {f"/client/support/{pk}/": (subject, body) for pk, subject, body in rows}


@pytest.mark.django_db(transaction=True)
def test_two_hundred_forms_on_a_link_that_drops_make_two_hundred_tickets(live_server, acme_owner):
    answers, drops = send_forms(live_server.url, acme_owner, 200)

    sent = {form(rank)["subject"]: form(rank)["body"] for rank in range(200)}
    assert drops > 150
    assert {status for status, _location in answers} == {200}
    assert [kept()[location] for _status, location in answers] == list(sent.items())
    with rls.staff("test"):
        assert (Ticket.objects.count(), TicketMessage.objects.count()) == (200, 200)
    assert Submission.objects.count() == 200


@pytest.mark.django_db
def test_half_a_body_is_answered_400_and_does_nothing(acme_owner, client_of):
    browser = client_of(acme_owner)
    half = urlencode(form(1)).encode()[:40]

    arrived = {"wsgi.input": BytesIO(half), "CONTENT_LENGTH": str(len(half) + 1)}
    response = browser.post(FORM, half, FORM_TYPE, **arrived)

    assert response.status_code == 400
    with rls.staff("test"):
        assert not Ticket.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("length", [-1, 7, 100])
def test_a_whole_body_is_read_in_any_pieces(length):
    stream = WholeStream(BytesIO(b"a=1&\nb=22\n and what is not of this request"), 10)

    assert b"".join(iter(lambda: stream.read(length), b"")) == b"a=1&\nb=22\n"
    assert (stream.read(), stream.readline()) == (b"", b"")


def test_the_lines_of_half_a_body_end_in_a_refusal():
    stream = WholeStream(BytesIO(b"a=1&\nb"), 10)

    assert stream.readline() == b"a=1&\n"
    assert stream.readline() == b"b"
    with pytest.raises(BadRequest):
        stream.readline()
