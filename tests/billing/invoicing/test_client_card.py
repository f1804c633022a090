"""What invoicing tells of sales: quotes sent, drafts and replaced ones aside."""

from datetime import timedelta

from billing.invoicing.models import Quote
from core.hooks import quotes_sent
from tests.conftest import ON


def make(client, **fields):
    return Quote.objects.create(company=client.company, client=client, subject="Site", **fields)


def test_four_quotes_sent_count_four(acme, team):
    for number in range(4):
        make(acme, status="sent", number=f"DE-{number}", issue_date=ON)
    make(acme, issue_date=ON)
    make(acme, status="replaced", number="DE-8", issue_date=ON)
    make(acme, status="accepted", number="DE-9", issue_date=ON - timedelta(days=400))

    assert quotes_sent(ON - timedelta(days=365)) == 4
