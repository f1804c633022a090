"""The daily proof sees what somebody changed behind the back of the services."""

import pytest
from django.db import connection
from django.utils import timezone

from billing.invoicing.services import issue_credit_note
from billing.payments import queries, services

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("team")]
AT = timezone.now()


@pytest.fixture
def books(team, acme, invoice, make_invoice, owner_staff):
    """An invoice settled, and another credited."""
    credited = make_invoice(acme, "FAC-2026-0043")
    issue_credit_note(invoice=credited, reason="Erreur", on=AT.date(), at=AT, actor=owner_staff)
    facts = {"client": acme, "invoice": invoice, "amount": 118_000, "method": "cash"}
    services.record_payment(**facts, received_on=AT.date(), actor=owner_staff, at=AT)
    assert queries.find_differences() == []


def rules():
    return {difference.rule for difference in queries.find_differences()}


@pytest.mark.parametrize(
    ("sql", "rule"),
    [
        (
            "UPDATE invoicing_invoice SET settled_at = NULL WHERE status = 'issued'",
            "settled = nothing left to pay",
        ),
        (
            "UPDATE invoicing_invoice SET amount_credited = 1 WHERE status = 'cancelled'",
            "cancelled = credited whole",
        ),
        (
            "UPDATE invoicing_numberseries SET last = last + 1 WHERE prefix = 'AVO'",
            "credit note numbers without gap",
        ),
    ],
)
@pytest.mark.usefixtures("books")
def test_what_was_changed_by_hand_is_seen(sql, rule):
    with connection.cursor() as cursor:
        cursor.execute(sql)

    assert rule in rules()
