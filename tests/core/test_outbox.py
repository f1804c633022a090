"""Owed work: tried again for a while, then given up, whatever made it fail."""

from datetime import timedelta

import pytest

from core.outbox import services
from core.outbox.models import OwedWork
from tests.conftest import AT

pytestmark = pytest.mark.django_db


@pytest.fixture
def owed(monkeypatch):
    """A piece of work whose handler is the test's."""
    done = []
    monkeypatch.setitem(services._handlers, "essai", lambda payload: done.append(payload))
    work = services.owe("essai", key="essai:1", payload={"number": 1}, at=AT)
    return work, done


def test_work_is_done_once(owed):
    work, done = owed

    assert [services.do(work.pk, at=AT), services.do(work.pk, at=AT)] == [True, False]
    assert done == [{"number": 1}]


def test_work_that_kills_its_workers_is_given_up(owed):
    """A worker that dies writes nothing: only the count of tries tells."""
    work, done = owed
    OwedWork.objects.filter(pk=work.pk).update(
        tries=services.MOST_TRIES, leased_until=AT - timedelta(minutes=1)
    )

    assert services.do(work.pk, at=AT) is False

    work.refresh_from_db()
    assert (work.state, done) == ("dead", [])
    assert work.last_error.startswith("WorkersDied")
