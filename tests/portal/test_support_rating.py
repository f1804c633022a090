"""What a client says of our help: once, changed within seven days, never on an open ticket."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core import rls
from portal.support.models import Ticket


def address_of(ticket, act=""):
    return f"/client/support/{ticket.pk}/{act}"


def text_of(response):
    return response.content.decode()


def again(ticket):
    with rls.staff("test"):
        return Ticket.objects.get(pk=ticket.pk)


@pytest.fixture
def solved(acme, acme_owner, make_ticket):
    return make_ticket(acme, acme_owner, status="solved", solved_at=timezone.now())


def test_a_client_says_how_it_went_and_changes_their_mind(solved, acme_owner, client_of):
    browser = client_of(acme_owner)

    browser.post(address_of(solved, "avis/"), {"rating": 4, "comment": "Bien."})
    first = again(solved)
    browser.post(address_of(solved, "avis/"), {"rating": 5, "comment": "Très bien."})

    assert (first.rating, first.rating_comment, first.rated_by) == (4, "Bien.", acme_owner)
    assert (again(solved).rating, again(solved).rating_comment) == (5, "Très bien.")
    assert again(solved).rated_at == first.rated_at
    assert "Vous avez donné 5 sur 5" in text_of(browser.get(address_of(solved)))


def test_an_opinion_is_kept_after_seven_days(solved, acme_owner, client_of):
    with rls.staff("test"):
        week_ago = timezone.now() - timedelta(days=8)
        Ticket.objects.filter(pk=solved.pk).update(rating=5, rated_at=week_ago)

    answer = client_of(acme_owner).post(address_of(solved, "avis/"), {"rating": 1})

    assert (answer.status_code, again(solved).rating) == (409, 5)


@pytest.mark.parametrize("typed", [{}, {"rating": "6"}, {"rating": "0"}, {"rating": "bon"}])
def test_an_odd_note_is_refused(typed, solved, acme_owner, client_of):
    answer = client_of(acme_owner).post(
        address_of(solved, "avis/"), {**typed, "comment": "Mon avis reste."}
    )

    assert (answer.status_code, again(solved).rating) == (422, None)
    assert "Mon avis reste." in text_of(answer)


def test_an_open_ticket_is_not_rated(acme, acme_owner, client_of, make_ticket):
    ticket = make_ticket(acme, acme_owner)

    answer = client_of(acme_owner).post(address_of(ticket, "avis/"), {"rating": 5})

    assert (answer.status_code, again(ticket).rating) == (409, None)
