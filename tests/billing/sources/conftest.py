"""Contracts of the small world."""

from datetime import date

import pytest
from django.utils import timezone

from billing.sources.models import RecurringInvoice, RecurringLine
from core import rls


@pytest.fixture
def make_contract(company):
    """Return a function that makes a contract of one line, monthly from the first of September."""

    def make(client, price=100_000, *, line=None, **fields):
        facts = {"subject": "Maintenance {mois} {année}", "anchor_date": date(2026, 9, 1)}
        with rls.staff("test world"):
            schedule = RecurringInvoice.objects.create(
                company=company, client=client, **{**facts, **fields}
            )
            RecurringLine.objects.create(
                schedule=schedule,
                label="Maintenance du {du} au {au}",
                unit_price=price,
                **(line or {}),
            )
        return schedule

    return make


@pytest.fixture
def contract(acme, make_contract):
    """A monthly contract of Acme, issued by itself."""
    return make_contract(acme)


@pytest.fixture
def now():
    """The moment of the test: a batch counts how long it has been at work."""
    return timezone.now()
