"""The buttons of the team: certificates, losses, deposits, and rates that change meanwhile."""

import re
from decimal import Decimal
from uuid import uuid4

import pytest

from billing.invoicing import services
from billing.invoicing.models import Adjustment, Invoice
from core.accounts.models import TaxRule
from tests.billing.invoicing.conftest import AT, ON, make_draft, make_issued
from tests.billing.invoicing.test_admin import INVOICES, page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("team")]
LINES = (("Conseil", "1", "90000", "18"),)


@pytest.fixture
def rule(acme):
    return TaxRule.objects.create(
        company=acme.company, kind="withheld", label="Retenue", rate=Decimal("7.5")
    )


def test_a_certificate_is_noted_once_however_often_it_is_sent(acme, rule, manager, client_of):
    invoice = make_issued(acme, lines=LINES, withheld_rule=rule)
    url = f"{INVOICES}certificate/{invoice.pk}/"
    form = {
        "key": uuid4(), "amount": "6 750", "reference": "ATT-2026-9", "dated_on": "13/11/2026",
        "reason": "",
    }  # fmt: skip

    too_much = page(client_of(manager).post(url, {**form, "amount": "6 751"}))
    for _ in range(2):
        client_of(manager).post(url, form)

    assert "Le montant va de 1 à 6 750 F CFA" in too_much
    assert "ATT-2026-9" in too_much
    row = Adjustment.objects.get()
    assert (row.kind, row.amount, row.reference, row.recorded_by) == (
        "withheld",
        6_750,
        "ATT-2026-9",
        manager,
    )
    assert "ATT-2026-9" in page(client_of(manager).get(f"{INVOICES}inspect/{invoice.pk}/"))


def test_an_editor_of_the_site_writes_nothing_off(issued, make_staff, client_of):
    editor = make_staff("editor", email="redac@nourx.test")

    response = client_of(editor).get(f"{INVOICES}loss/{issued.pk}/")

    assert response.status_code in (302, 403)
    assert not Adjustment.objects.exists()


def test_a_tax_that_changed_meanwhile_brings_the_page_back(acme, rule, manager, client_of):
    draft = make_draft(acme, LINES, withheld_rule=rule)
    url, browser = f"{INVOICES}issue/{draft.pk}/", client_of(manager)
    assert 'name="seen" value="99450"' in page(browser.get(url))
    TaxRule.objects.update(rate=5)

    again = browser.post(url, {"version": draft.version, "seen": 99_450}, follow=True)

    assert "101 700 F CFA" in page(again)
    assert Invoice.objects.get().status == "draft"
    browser.post(url, {"version": draft.version, "seen": 101_700})
    assert Invoice.objects.get().total_withheld == 4_500


def test_deposits_are_chosen_on_the_draft_and_shown_on_its_page(acme, manager, client_of):
    deposit = services.create_deposit(
        client=acme, amount=50_000, rate=Decimal(18), subject="Acompte", actor=manager
    )
    services.issue_invoice(invoice=deposit, on=ON, at=AT, actor=manager)
    draft = make_draft(acme, LINES)

    client_of(manager).post(f"{INVOICES}deposits/{draft.pk}/", {"deposits": [deposit.pk]})

    draft.refresh_from_db()
    assert (draft.kind, draft.total) == ("final", 56_200)
    read = page(client_of(manager).get(f"{INVOICES}issue/{draft.pk}/"))
    said = re.sub(r"\s", " ", read)
    assert "Acompte FAC-2026-0001 du 13/11/2026 (HT 42 373, TVA 7 627)" in said
