"""The same link that drops, in front of the server that serves the product."""

import pytest

from core import rls
from portal.support.models import Ticket
from tests.access.test_cuts import form, kept, send_forms

pytestmark = pytest.mark.django_db(transaction=True)


def test_forms_reach_the_real_server_whole_and_once(streaming_site, acme_owner):
    answers, drops = send_forms(streaming_site, acme_owner, 40)

    assert drops > 30
    assert [status for status, _location in answers] == [200] * 40
    assert [kept()[location][1] for _status, location in answers] == [
        form(rank)["body"] for rank in range(40)
    ]
    with rls.staff("test"):
        assert Ticket.objects.count() == 40
