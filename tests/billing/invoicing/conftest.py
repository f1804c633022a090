"""Papers of Acme to work on: a draft, an issued invoice, quotes."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from billing.invoicing import services
from billing.invoicing.models import Invoice, InvoiceLine, Quote, QuoteLine
from core.accounts.models import Client, Company

ON = date(2026, 11, 13)
AT = datetime(2026, 11, 13, 9, 30, tzinfo=UTC)


def make_other_company(**fields):
    return Company.objects.create(**{"name": "Autre", "legal_name": "Autre SARL", **fields})


def make_client_of(company, name="Client Deux", **fields):
    return Client.objects.create(company=company, name=name, email="deux@deux.test", **fields)


def add_lines(paper, lines):
    """Put lines on a paper: (label, quantity, unit price, VAT rate)."""
    line_model, parent = (
        (InvoiceLine, "invoice") if isinstance(paper, Invoice) else (QuoteLine, "quote")
    )
    for rank, (label, quantity, price, rate) in enumerate(lines):
        line_model.objects.create(
            **{parent: paper},
            label=label,
            quantity=Decimal(quantity),
            unit_price=Decimal(price),
            vat_rate=Decimal(rate),
            sort_order=rank,
        )
    services.save_totals(paper=paper)
    return paper


WEBSITE = (("Site vitrine", "1", "1000000", "18"), ("Hébergement", "12", "20833.3333", "18"))


def make_draft(client, lines=WEBSITE, **fields):
    draft = Invoice.objects.create(
        **{"company": client.company, "client": client, "subject": "Site vitrine", **fields}
    )
    return add_lines(draft, lines)


def make_quote(client, lines=WEBSITE, **fields):
    quote = Quote.objects.create(
        **{"company": client.company, "client": client, "subject": "Site vitrine", **fields}
    )
    return add_lines(quote, lines)


def make_issued(client, actor=None, on=ON, **fields):
    return services.issue_invoice(invoice=make_draft(client, **fields), on=on, at=AT, actor=actor)


@pytest.fixture
def draft(acme, team):
    return make_draft(acme)


@pytest.fixture
def issued(draft, manager):
    return services.issue_invoice(invoice=draft, on=ON, at=AT, actor=manager)


@pytest.fixture
def quote(acme, team):
    return make_quote(acme)


@pytest.fixture
def sent_quote(quote, manager):
    return services.send_quote(quote=quote, on=ON, at=AT, actor=manager)
