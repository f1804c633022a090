"""How much each page of billing asks of the database: eight reads, whatever it holds."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from billing.invoicing import services as invoicing
from billing.payments import services
from core import rls
from tests.billing.invoicing.conftest import AT, ON, make_quote

pytestmark = pytest.mark.django_db
BUDGET = 8
PAGES = [
    "/client/factures/",
    "/client/factures/?vue=devis",
    "/client/factures/FAC-2026-0001/",
    "/client/factures/FAC-2026-0001/payer/",
    "/client/factures/FAC-2026-0001/lien/",
    "/client/devis/DEV-2026-0001/",
    "/client/paiements/",
    "/client/releve/",
]


@pytest.fixture
def papers(acme, invoice, manager, acme_owner):
    """An invoice partly paid, credit beside it, and a quote."""
    with rls.staff("test"):
        for paper, amount in ((invoice, 10_000), (None, 5_000), (invoice, 2_000)):
            services.record_payment(
                client=acme,
                invoice=paper,
                amount=amount,
                method="transfer",
                reference="",
                received_on=ON,
                actor=manager,
                at=timezone.now(),
            )
        invoicing.send_quote(quote=make_quote(acme), on=ON, at=AT, actor=manager)
        invoicing.make_pay_link(invoice=invoice, at=AT, actor=manager)


@pytest.mark.parametrize("page", PAGES)
def test_every_page_keeps_its_budget(page, papers, payer, start, invoice, acme_owner, client_of):
    start(invoice)
    browser = client_of(acme_owner)
    browser.get(page)

    with CaptureQueriesContext(connection) as captured:
        response = browser.get(page)

    ground = ("SAVEPOINT", "usersessions", "set_config")
    reads = [row["sql"] for row in captured if not any(word in row["sql"] for word in ground)]
    assert response.status_code == 200
    assert len(reads) <= BUDGET, "\n".join(reads)
