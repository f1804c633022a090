"""Two people bill the same time at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import connections

from billing.invoicing.models import Invoice
from billing.sources.models import RateCard, RecurringRun
from billing.sources.services import recurring
from billing.sources.services import time as services
from billing.sources.services.time import Choice, Grouping
from core import rls
from portal.projects.models import TimeEntry
from tests.conftest import AT, ON

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(act):
    """Run an act twice at the same moment, each on a connection of its own."""
    start = Barrier(2)

    def run(_rank):
        try:
            with rls.staff("test"):
                start.wait(timeout=10)
                return act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(run, range(2)))


def test_two_people_at_once_bill_time_once(acme, project, owner_staff):
    with rls.staff("test"):
        RateCard.objects.create(hourly_rate=30_000)
        TimeEntry.objects.create(project=project, user=owner_staff, minutes=60, spent_on=ON)
    choice = Choice(acme, date(2026, 11, 1), date(2026, 11, 30), Grouping.TASK)

    def act():
        try:
            services.bill_time(choice=choice, expected=30_000, on=ON, actor=None)
        except services.CannotBillTime:
            return "refused"
        return "billed"

    assert sorted(at_once(act)) == ["billed", "refused"]
    with rls.staff("test"):
        assert Invoice.objects.count() == 1


def test_two_nights_at_once_bill_each_period_once(make_contract, acme):
    make_contract(acme)

    at_once(lambda: recurring.bill_due(on=ON, at=AT))

    with rls.staff("test"):
        assert RecurringRun.objects.count() == 3
        numbers = sorted(Invoice.objects.values_list("number", flat=True))
        assert numbers == [f"FAC-2026-{rank:04}" for rank in (1, 2, 3)]
