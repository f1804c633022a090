"""An imitation of the FNE that listens, and a company that certifies its papers there."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from billing.fiscal.models import Certification, FiscalSettings
from billing.fiscal.providers.fne import FneProvider
from billing.fiscal.providers.fne.transport import Limits
from billing.fiscal.sandbox.server import FneServer
from billing.fiscal.sandbox.state import Fne
from billing.invoicing import services as invoicing
from billing.invoicing.models import Invoice, InvoiceLine
from core.accounts.secrets import encrypt_text

ON = date(2026, 11, 13)
AT = datetime(2026, 11, 13, 9, 30, tzinfo=UTC)


class Clock:
    """A clock that tests move."""

    def __init__(self):
        self.now = AT

    def __call__(self):
        return self.now

    def move(self, **spans):
        self.now += timedelta(**spans)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def fne():
    """The imitation, listening."""
    with FneServer(Fne(slowness=2)) as server:
        server.fne.url = server.url
        yield server.fne


@pytest.fixture
def provider(fne):
    limits = Limits(connect=1, read=0.3, whole=1)
    return FneProvider(fne.url, fne.key, "Siège", "NOURX", limits=limits)


@pytest.fixture
def certifying(company, fne):
    """Our company certifies its papers at the imitation."""
    return FiscalSettings.objects.create(
        company=company,
        driver="fne",
        base_url=fne.url,
        key_encrypted=encrypt_text(fne.key),
        point_of_sale="Siège",
        establishment="NOURX",
    )


@pytest.fixture
def buyer(make_client):
    return make_client(
        "Sika SARL", ncc="7654321B", email="compta@sika.test", phone="+225 07 00 00 00 00"
    )


@pytest.fixture
def issue(company, buyer, team):
    """Return a function that issues an invoice of the buyer: (label, quantity, price, rate)."""

    def act(lines=(("Site", "1", "1000000", "18"),), client=None, **fields):
        client = client or buyer
        draft = Invoice.objects.create(company=company, client=client, subject="Site", **fields)
        for rank, (label, quantity, price, rate) in enumerate(lines):
            InvoiceLine.objects.create(
                invoice=draft,
                label=label,
                quantity=Decimal(quantity),
                unit_price=Decimal(price),
                vat_rate=Decimal(rate),
                sort_order=rank,
            )
        invoicing.save_totals(paper=draft)
        return invoicing.issue_invoice(invoice=draft, on=ON, at=AT, actor=None)

    return act


@pytest.fixture
def sale_row():
    """Return a function that reads the certification of an invoice again."""
    return lambda invoice: Certification.objects.get(invoice=invoice, kind="sale")
