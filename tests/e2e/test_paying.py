"""A client pays an invoice in a real browser, from the sign-in to the receipt."""

import pytest
from playwright.sync_api import expect

from billing.payments.models import Payment, PaymentAttempt, Receipt
from core import rls
from tests.e2e.conftest import DESKTOP, PHONE

pytestmark = pytest.mark.django_db(transaction=True)
INVOICE = "/client/factures/FAC-2026-0001/"


def what_was_kept():
    """Return the attempts, payments and receipts there are: a state, an amount, a number each."""
    with rls.staff("test"):
        return (
            list(PaymentAttempt.objects.values_list("state", flat=True)),
            list(Payment.objects.values_list("amount", flat=True)),
            list(Receipt.objects.values_list("number", flat=True)),
        )


def come_back(one, *, scripts):
    """Come back from CinetPay's page: by itself with scripts, by its button without."""
    if not scripts:
        one.page.get_by_role("button", name="Revenir chez NOURX").click()
    expect(one.page.get_by_role("heading", name="Paiement reçu")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
@pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_a_client_pays_and_downloads_the_receipt(person, acme_owner, invoice, screen, scripts):
    one = person(screen, scripts=scripts)
    one.page.goto(INVOICE)
    one.sign_in(acme_owner.email)
    expect(one.page.get_by_role("heading", name="Facture FAC-2026-0001")).to_be_visible()

    one.pay_on_the_phone()
    come_back(one, scripts=scripts)
    one.page.get_by_role("link", name="Voir le reçu dans mon espace").click()
    link = one.page.get_by_role("link", name="Reçu REC-2026-0001 (PDF)")
    expect(link).to_be_visible()
    with one.page.expect_download() as download:
        link.click()

    assert download.value.suggested_filename == "REC-2026-0001.pdf"
    assert download.value.path().read_bytes().startswith(b"%PDF-1.7")
    assert what_was_kept() == (["succeeded"], [118_000], ["REC-2026-0001"])
    with rls.staff("test"):
        invoice.refresh_from_db()
    assert invoice.amount_due == 0


def test_going_back_after_paying_does_not_pay_again(person, acme_owner, invoice):
    one = person()
    one.page.goto(INVOICE)
    one.sign_in(acme_owner.email)
    one.pay_on_the_phone()
    come_back(one, scripts=True)

    one.page.goto(INVOICE)
    expect(one.page.get_by_role("heading", name="Facture réglée")).to_be_visible()
    expect(one.page.get_by_role("button", name="Payer")).to_have_count(0)
    one.page.go_back()
    expect(one.page.get_by_role("heading", name="Paiement reçu")).to_be_visible()

    assert what_was_kept() == (["succeeded"], [118_000], ["REC-2026-0001"])


def test_an_old_page_cannot_pay_what_is_paid(person, acme_owner, invoice):
    one = person()
    one.page.goto(INVOICE)
    one.sign_in(acme_owner.email)
    old = one.page.context.new_page()
    old.goto(INVOICE)
    one.pay_on_the_phone()
    come_back(one, scripts=True)

    old.get_by_label("MTN").check()
    old.get_by_role("button", name="Payer").click()

    expect(old.get_by_text("Il n’y a rien à payer sur cette facture.")).to_be_visible()
    assert what_was_kept() == (["succeeded"], [118_000], ["REC-2026-0001"])


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_double_click_on_pay_begins_one_payment(person, acme_owner, invoice, scripts):
    one = person(scripts=scripts)
    one.page.goto(INVOICE)
    one.sign_in(acme_owner.email)
    one.page.get_by_label("MTN").check()

    one.page.get_by_role("button", name="Payer").dblclick()

    expect(one.page.get_by_role("heading", name="Comment voulez-vous payer ?")).to_be_visible()
    assert what_was_kept() == (["pending"], [], [])
