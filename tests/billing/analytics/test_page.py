"""The page: who sees it, what it says of nothing, its exports, and the home page beside it."""

import io
from datetime import date

import openpyxl
import pytest
from django.test import RequestFactory
from django.utils import timezone

from billing.analytics.screens.figures import payment_habits
from billing.invoicing.wagtail_hooks import unpaid_figures
from billing.payments.screens.figures import payment_figures
from billing.payments.services import record_payment
from core import rls

PAGE = "/admin/facturation/analytics/"
JULY, AUGUST = date(2026, 7, 1), date(2026, 8, 1)
THIRD = "?periode=trimestre&au=2026-09-30"


@pytest.mark.parametrize("who", ["owner_staff", "manager"])
def test_owners_and_managers_read_it_even_empty(who, request, company, client_of):
    page = client_of(request.getfixturevalue(who)).get(PAGE)

    text = page.content.decode()
    assert page.status_code == 200
    assert "Pas encore de données." in text
    assert "pas encore de données" in text
    assert 'nx-plot"' not in text  # no chart of nothing
    assert "0\xa0%" not in text.split("Clients et délais")[0]


@pytest.mark.parametrize("who", ["editor", "acme_owner"])
def test_nobody_else_reads_it_or_exports_it(who, request, client_of, bill):
    bill(100_000, JULY, AUGUST)
    browser = client_of(request.getfixturevalue(who))

    for address in (PAGE, f"{PAGE}?table=age&export=csv"):
        answer = browser.get(address)

        assert answer.status_code in (302, 403)
        assert b"100" not in answer.content


def test_an_accountant_reads_the_books_and_not_this(make_staff, client_of):
    page = client_of(make_staff("accountant")).get(PAGE)

    assert page.status_code in (302, 403)


def test_figures_charts_tables_and_links_are_all_on_one_page(
    manager, client_of, bill, pay, acme, django_assert_max_num_queries
):
    invoice = bill(100_000, JULY, AUGUST)
    pay(invoice, 100_000, AUGUST, provider="cinetpay")
    bill(50_000, AUGUST, date(2026, 9, 1))
    browser = client_of(manager)
    browser.get("/admin/")

    with django_assert_max_num_queries(48):
        page = browser.get(f"{PAGE}{THIRD}&client={acme.pk}")

    text = page.content.decode()
    assert "T3 2026" in text
    assert "100\xa0%" in text  # paid online
    assert text.count('nx-plot"') >= 3
    assert text.count("Voir en tableau") == text.count('nx-plot"')
    assert f"issue_date_from=2026-07-01&amp;issue_date_to=2026-09-30&amp;client={acme.pk}" in text
    assert " style=" not in text.split('class="nx-analysis"')[1].split("</main>")[0]


@pytest.mark.parametrize(
    "query",
    [
        "?periode=siecle&au=hier",
        "?periode=jours&du=2026-13-45&au=",
        "?client=999999&projet=abc&devise=ZZZ&prestation=%27%3B--",
        "?client=99999999999999999999&periode=annee&au=1990-01-01",
        "?periode=mois&au=2199-12-31",
        "?prestation=%00",
    ],
)
def test_an_address_that_says_nonsense_shows_a_page(query, manager, client_of, bill):
    bill(100_000, JULY, AUGUST)

    assert client_of(manager).get(PAGE + query).status_code == 200


def test_a_table_leaves_as_csv_and_as_a_workbook(manager, client_of, bill):
    bill(100_000, JULY, AUGUST)
    browser = client_of(manager)

    csv = browser.get(f"{PAGE}{THIRD}&table=age&export=csv")
    book = browser.get(f"{PAGE}{THIRD}&table=mois&export=xlsx")

    lines = b"".join(csv).decode("utf-8-sig").splitlines()
    assert lines[0] == "Retard;Reste dû;Part"
    assert lines[2:4] == ["1–30 j;0;0", "31–60 j;100000;100"]
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(book))).active
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0] == ("Mois", "Facturé HT", "Facturé TTC", "Encaissé")
    assert rows[10] == ("Juil. 2026", 100_000, 100_000, 0)
    assert browser.get(f"{PAGE}?table=rien&export=csv").status_code == 404


def test_the_dashboard_totals_move_after_a_payment(owner_staff, invoice):
    request = RequestFactory().get("/admin/")
    request.user = owner_staff
    hooks = (unpaid_figures, payment_figures, payment_habits)

    def totals():
        with rls.staff("test"):
            return {str(one.label): one.value for hook in hooks for one in hook(request)}

    before = totals()
    with rls.staff("test"):
        record_payment(
            client=invoice.client,
            invoice=invoice,
            amount=118_000,
            method="transfer",
            received_on=timezone.localdate(),
            actor=owner_staff,
            at=timezone.now(),
            reference="VIR-1",
        )

    after = totals()
    assert before["À encaisser"] == "118\u202f000\xa0F"
    assert (after["À encaisser"], after["En retard"]) == ("0", "0")
    assert before["Encaissé ce mois"] == "0\xa0F"
    assert after["Encaissé ce mois"] == "118\u202f000\xa0F"
    assert before["Payées en ligne"] == "—"
    assert after["Payées en ligne"] == "0\xa0%"


def test_the_home_page_keeps_the_figures_from_editors(editor):
    request = RequestFactory().get("/admin/")
    request.user = editor

    assert list(payment_habits(request)) == []
