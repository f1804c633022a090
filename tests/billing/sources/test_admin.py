"""The team's screens of contracts."""

from datetime import date

import pytest

from billing.invoicing.models import Invoice
from billing.sources.models import RecurringInvoice
from billing.sources.services import recurring
from billing.sources.wording import UnknownVariable, check_wording, fill_wording
from tests.conftest import AT, ON

pytestmark = pytest.mark.usefixtures("team")
LIST = "/admin/snippets/sources/recurringinvoice/"


def fields(client, **own):
    """Return what a person types to make a contract of one line."""
    return {
        "client": client.pk,
        "company": client.company_id,
        "subject": "Maintenance {mois}",
        "every": 1,
        "unit": "month",
        "timing": "advance",
        "anchor_date": "2026-12-31",
        "outcome": "issue",
        "currency": "XOF",
        "discount_percent": "0",
        "discount_amount": "0",
        "lines-TOTAL_FORMS": 1,
        "lines-INITIAL_FORMS": 0,
        "lines-0-label": "Maintenance",
        "lines-0-quantity": "1",
        "lines-0-unit_price": "100 000",
        "lines-0-discount_percent": "0",
        "lines-0-vat_rate": "18",
        "lines-0-ORDER": "1",
        **own,
    }


def test_a_contract_is_made_and_shows_its_next_dates(acme, client_of, manager):
    browser = client_of(manager)

    answer = browser.post(f"{LIST}add/", fields(acme))

    assert answer.status_code == 302
    contract = RecurringInvoice.objects.get()
    assert (contract.client, contract.lines.get().client) == (acme, acme)
    page = browser.get(f"{LIST}inspect/{contract.pk}/").content.decode()
    assert "28 février 2027" in page


def test_an_unknown_variable_is_refused_and_nothing_is_lost(acme, client_of, manager):
    answer = client_of(manager).post(f"{LIST}add/", fields(acme, subject="Loyer {moi}"))

    page = answer.content.decode()
    assert answer.status_code == 200
    assert "« {moi} » n’est pas une variable" in page
    assert "Loyer {moi}" in page
    assert RecurringInvoice.objects.count() == 0


def test_two_ends_are_refused(acme, client_of, manager):
    asked = fields(acme, ends_on="2027-12-31", times=3)

    answer = client_of(manager).post(f"{LIST}add/", asked)

    assert "Choisissez une date de fin ou un nombre de périodes" in answer.content.decode()
    assert RecurringInvoice.objects.count() == 0


def test_what_was_billed_keeps_its_rhythm_and_price(contract, acme, client_of, manager):
    recurring.bill_due(on=ON, at=AT)
    contract.refresh_from_db()
    line = contract.lines.get()
    asked = fields(
        acme,
        **{
            "anchor_date": "2026-09-15",
            "version": contract.version,
            "lines-INITIAL_FORMS": 1,
            "lines-0-id": line.pk,
            "lines-0-unit_price": "90 000",
        },
    )

    page = client_of(manager).post(f"{LIST}edit/{contract.pk}/", asked).content.decode()

    assert "terminez cet abonnement et dupliquez-le" in page
    assert "a déjà été facturé" in page
    line.refresh_from_db()
    assert line.unit_price == 100_000


def test_the_button_bills_the_next_period(contract, client_of, manager):
    browser = client_of(manager)
    address = f"{LIST}facturer/{contract.pk}/"

    page = browser.get(address)
    answer = browser.post(address, {"start": "2026-09-01"})
    browser.post(address, {"start": "2026-09-01"})

    assert "du 1er septembre 2026 au 30 septembre 2026" in page.content.decode()
    invoice = Invoice.objects.get()
    assert answer.url == f"/admin/snippets/invoicing/invoice/inspect/{invoice.pk}/"
    assert "Période facturée" in browser.get(answer.url).content.decode()


def test_paused_then_resumed_by_buttons(contract, client_of, manager):
    browser = client_of(manager)

    browser.post(f"{LIST}suspendre/{contract.pk}/", {"reason": "Travaux"})
    assert "Suspendu" in browser.get(LIST).content.decode()
    browser.post(f"{LIST}reprendre/{contract.pk}/", {"missed": "bill"})

    assert contract.pauses.get().ends_on is not None


def test_the_list_asks_the_same_questions_for_one_and_for_ten(
    acme, make_contract, client_of, manager, django_assert_max_num_queries
):
    for _rank in range(10):
        make_contract(acme)
    browser = client_of(manager)
    browser.get(LIST)

    with django_assert_max_num_queries(22):
        browser.get(LIST)


def test_a_copy_starts_today_with_the_lines_in_force(contract, client_of, manager):
    page = client_of(manager).get(f"{LIST}copy/{contract.pk}/").content.decode()

    assert "Maintenance {mois} {année}" in page
    assert "Maintenance du {du} au {au}" in page


@pytest.mark.parametrize("text", ["{}", "{jour}", "{mois", "mois}", "{{mois}}", "{ mois }"])
def test_braces_around_anything_else_are_refused(text):
    with pytest.raises(UnknownVariable):
        check_wording(text)


def test_words_are_those_of_the_period(contract):
    period = contract.rhythm.next_after(date(2027, 7, 1))

    text = fill_wording("{mois} {année}, du {du} au {au}", period)

    assert text == "août 2027, du 1er août 2027 au 31 août 2027"
