"""The statement of an English reader: its page and table in English, its paper in French."""

import io
import re
from datetime import date

import pypdf
import pytest

from tests.billing.payments.test_statement import PAGE, issue, pay

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("team")]
YEAR = "?debut=2026-01-01&fin=2026-12-31"


@pytest.fixture
def browser(acme, make_member, client_of, manager):
    invoice = issue(acme, 100_000, date(2026, 1, 10))
    pay(acme, invoice, 50_000, date(2026, 1, 20), manager)
    return client_of(make_member(acme, "owner", email="joe@acme.test", language="en"))


def test_the_page_and_the_table_are_in_english(browser):
    page = browser.get(f"{PAGE}{YEAR}").content.decode()
    table = browser.get(f"{PAGE}csv/{YEAR}").content.decode("utf-8-sig")

    assert "Payment, Bank transfer" in page
    assert table.splitlines()[0] == "Date;Document;Description;Debit;Credit;Balance;Currency"


def test_the_paper_is_in_french(browser):
    content = browser.get(f"{PAGE}pdf/{YEAR}").content

    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    words = re.sub(r"\s+", "", " ".join(page.extract_text() for page in pages))
    assert "Paiement,Virement" in words
    assert "Payment" not in words
