"""A company, a client with its people, and papers to work on."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from billing.invoicing import services
from billing.invoicing.models import Invoice, InvoiceLine, Quote, QuoteLine
from core.access.roles import Role
from core.accounts.models import Client, Company, User

ON = date(2026, 11, 13)
AT = datetime(2026, 11, 13, 9, 30, tzinfo=UTC)


def make_company(**fields):
    return Company.objects.create(
        **{
            "name": "NOURX",
            "legal_name": "NOURX SARL",
            "address": "Rue des Jardins, Cocody",
            "city": "Abidjan",
            "ncc": "1304777N",
            "rccm": "CI-ABJ-2024-B-12345",
            "email": "contact@nourx.test",
            "bank_name": "Banque du Plateau",
            "bank_account": "CI93 0001 0002",
            **fields,
        }
    )


def make_client(company, name="Akwaba Distribution", **fields):
    email = f"compta@{name.split()[0].lower()}.test"
    return Client.objects.create(
        **{"company": company, "name": name, "email": email, "ncc": "9606123E", **fields}
    )


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
def company(db):
    return make_company()


@pytest.fixture
def akwaba(company, team):
    return make_client(company)


@pytest.fixture
def lagune(company, team):
    return make_client(company, "Lagune Transit")


@pytest.fixture
def manager(db):
    return User.objects.create_user("gestion@nourx.test", is_staff=True)


@pytest.fixture
def draft(akwaba):
    return make_draft(akwaba)


@pytest.fixture
def issued(draft, manager):
    return services.issue_invoice(invoice=draft, on=ON, at=AT, actor=manager)


@pytest.fixture
def quote(akwaba):
    return make_quote(akwaba)


@pytest.fixture
def sent_quote(quote, manager):
    return services.send_quote(quote=quote, on=ON, at=AT, actor=manager)


@pytest.fixture
def roles():
    return Role
