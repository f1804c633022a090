"""Paying through the JSON API: once, by whoever may, with the token of the page."""

import json

import pytest

from billing.payments.models import PaymentAttempt

WANTED = {"channel": "mtn", "idempotency_key": "clic-1"}


def address_of(invoice):
    return f"/api/v1/invoices/{invoice.number}/pay/"


def pay(browser, invoice, **headers):
    return browser.post(
        address_of(invoice), json.dumps(WANTED), content_type="application/json", headers=headers
    )


@pytest.fixture
def attempts(team):
    return PaymentAttempt.objects.all


def test_a_payment_opens_and_can_be_followed(invoice, payer, acme_owner, client_of):
    browser = client_of(acme_owner)

    response = pay(browser, invoice)

    opened = response.json()
    assert response.status_code == 201
    assert (opened["invoice"], opened["amount"], opened["state"]) == (
        "FAC-2026-0001",
        118_000,
        "pending",
    )
    assert browser.get(f"/api/v1/payments/{opened['reference']}/").json() == opened


def test_the_same_key_again_is_the_same_payment(invoice, payer, acme_owner, client_of, attempts):
    browser = client_of(acme_owner)

    first, second = pay(browser, invoice), pay(browser, invoice)

    assert first.json()["reference"] == second.json()["reference"]
    assert attempts().count() == 1


def test_a_post_without_the_token_of_the_page_is_refused(
    invoice, payer, acme_owner, client_of, attempts
):
    browser = client_of(acme_owner, enforce_csrf_checks=True)

    assert pay(browser, invoice).status_code == 403
    assert attempts().count() == 0


def test_a_post_with_the_token_of_the_page_is_taken(invoice, payer, acme_owner, client_of):
    browser = client_of(acme_owner, enforce_csrf_checks=True)
    browser.get("/client/")
    token = browser.cookies["csrftoken"].value

    assert pay(browser, invoice, **{"X-CSRFToken": token}).status_code == 201


def test_nobody_pays_nothing(invoice, payer, client_of, attempts):
    assert pay(client_of(), invoice).status_code == 403
    assert attempts().count() == 0


def test_an_invoice_of_another_client_does_not_exist(
    invoice, payer, rival_owner, client_of, attempts
):
    assert pay(client_of(rival_owner), invoice).status_code == 404
    assert attempts().count() == 0


def test_who_may_not_pay_is_refused(acme, invoice, payer, make_member, client_of, attempts):
    assert pay(client_of(make_member(acme, "guest")), invoice).status_code == 404
    assert attempts().count() == 0


def test_a_payment_of_another_client_cannot_be_followed(
    invoice, payer, acme_owner, rival_owner, client_of
):
    reference = pay(client_of(acme_owner), invoice).json()["reference"]

    assert client_of(rival_owner).get(f"/api/v1/payments/{reference}/").status_code == 404
