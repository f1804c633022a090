"""The sandbox's pages as a browser without scripts would use them."""

import re
from html import unescape

import pytest
import requests

from billing.payments.providers.base import Payer

ORDINARY = "05 05 12 34 56"
KNOWN = Payer("Koné", "Awa", "a@b.test", "+2250712345678", "Zone 4", "Abidjan", "CI")


class Browser:
    """A browser reduced to following links and sending forms."""

    def __init__(self, url):
        self.page = url
        self.go("")

    def go(self, path):
        self._keep(requests.get(self.page + path, timeout=5))

    def send(self, path, **form):
        self._keep(requests.post(self.page + path, data=form, timeout=5))

    def _keep(self, response):
        self.status, self.headers = response.status_code, response.headers
        self.html = unescape(response.text)

    @property
    def title(self):
        return re.search(r"<h1>(.*?)</h1>", self.html)[1]

    @property
    def operators(self):
        return re.findall(r'name="operator" value="(\w+)"', self.html)


@pytest.fixture
def visit(start, server):
    def act(**changes):
        return Browser(f"{server.url}/payment/{start(**changes).provider_token}")

    return act


def test_the_page_says_what_is_paid_and_that_no_money_is_real(visit):
    page = visit(amount=1_475_000)

    assert page.title == "Comment voulez-vous payer ?"
    assert "BAC À SABLE — aucun argent réel" in page.html
    assert "1\u202f475\u202f000 <small>F\u00a0CFA</small>" in page.html
    assert "Facture FAC-2026-0042" in page.html
    assert 'lang="fr"' in page.html


@pytest.mark.parametrize(
    ("changes", "operators"),
    [
        ({}, ["OM", "WAVECI", "MOMO", "FLOOZ"]),
        ({"payer": KNOWN}, ["OM", "WAVECI", "MOMO", "FLOOZ", "VISAM"]),
        ({"channel": "MOBILE_MONEY"}, ["OM", "MOMO", "FLOOZ"]),
        ({"channel": "WALLET"}, ["WAVECI"]),
        ({"channel": "CREDIT_CARD", "payer": KNOWN}, ["VISAM"]),
        ({"channel": "CREDIT_CARD"}, []),
    ],
)
def test_the_page_offers_what_the_channels_and_the_payer_allow(visit, changes, operators):
    assert visit(**changes).operators == operators


def test_the_payers_number_is_filled_in_and_its_operator_chosen(visit):
    page = visit(payer=KNOWN)

    assert 'value="07 12 34 56 78"' in page.html
    assert 'value="OM" checked' in page.html


@pytest.mark.parametrize("operator", ["MOMO", "FLOOZ", "WAVECI"])
def test_an_ordinary_number_is_approved_on_the_phone(visit, operator):
    page = visit()

    page.send("/pay", operator=operator, phone=ORDINARY)
    waiting = page.title
    page.go("/phone")
    phone = page.title
    page.send("/decide", decision="accept")

    assert (waiting, phone) == ("Validez sur votre téléphone", "Le téléphone du payeur")
    assert page.title == "Paiement accepté"


def test_orange_asks_for_a_code_and_any_but_four_zeros_will_do(visit):
    page = visit()

    page.send("/pay", operator="OM", phone="07 12 34 56 78")
    asked = page.title
    page.send("/code", otp="0000")
    wrong = "Ce code n’est pas le bon." in page.html
    page.send("/code", otp="1234")

    assert asked == "Saisissez votre code à usage unique"
    assert wrong
    assert page.title == "Paiement accepté"


@pytest.mark.parametrize(
    ("card", "title"),
    [("4111 1111 1111 1111", "Paiement accepté"), ("4000 0000 0000 1129", "Carte refusée")],
)
def test_a_card_is_confirmed_by_its_bank_which_may_refuse(visit, card, title):
    page = visit(payer=KNOWN)

    page.send("/pay", operator="VISAM", card=card)
    asked = page.title
    page.send("/decide", decision="accept")

    assert (asked, page.title) == ("Confirmez auprès de votre banque", title)


@pytest.mark.parametrize(
    ("decision", "title"),
    [
        ("refuse", "Paiement refusé ou annulé"),
        ("timeout", "Paiement refusé ou annulé"),
        ("insufficient", "Solde insuffisant"),
        ("otp_error", "Validez sur votre téléphone"),
        ("ignore", "Validez sur votre téléphone"),
    ],
)
def test_the_phone_may_also_say_no_or_nothing(visit, decision, title):
    page = visit()
    page.send("/pay", operator="MOMO", phone=ORDINARY)

    page.send("/decide", decision=decision)

    assert page.title == title


def test_a_wrong_secret_code_may_be_typed_again(visit):
    page = visit()
    page.send("/pay", operator="MOMO", phone=ORDINARY)
    page.send("/decide", decision="otp_error")
    said = "Le code secret était erroné." in page.html

    page.send("/decide", decision="accept")

    assert said
    assert page.title == "Paiement accepté"


def test_no_answer_for_five_minutes_is_a_refusal(visit, sandbox):
    page = visit()
    page.send("/pay", operator="MOMO", phone=ORDINARY)

    sandbox.advance(299)
    page.go("")
    before = page.title
    sandbox.advance(1)
    page.go("")

    assert (before, page.title) == ("Validez sur votre téléphone", "Paiement refusé ou annulé")


def test_after_a_refusal_the_same_payment_may_be_tried_again_and_paid(visit):
    page = visit()
    page.send("/pay", operator="MOMO", phone="0707070703")
    refused = page.title

    page.send("/retry")
    again = page.title
    page.send("/pay", operator="MOMO", phone="0707070700")

    assert (refused, again) == ("Paiement refusé ou annulé", "Comment voulez-vous payer ?")
    assert page.title == "Paiement accepté"


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({"operator": "MOMO", "phone": "12"}, "Ce numéro n’est pas complet"),
        ({"operator": "MOMO", "phone": ""}, "Ce numéro n’est pas complet"),
        ({"operator": "PAYPAL", "phone": ORDINARY}, "Choisissez un moyen de paiement"),
        ({"operator": "VISAM", "card": "4111"}, "Choisissez un moyen de paiement"),
        ({}, "Choisissez un moyen de paiement"),
    ],
)
def test_a_mistake_is_said_and_nothing_starts(visit, sandbox, form, error):
    page = visit()

    page.send("/pay", **form)

    assert page.status == 422
    assert error in page.html
    assert sandbox.list_payments()[0]["stage"] == "OPENED"


def test_what_was_typed_wrong_is_shown_again_and_escaped(visit):
    page = visit()

    page.send("/pay", operator="FLOOZ", phone='12"><script>')

    assert 'value="FLOOZ" checked' in page.html
    assert (
        'name="phone" type="tel" inputmode="tel" autocomplete="tel-national" value="12"'
        in page.html
    )


def test_an_accepted_payment_leads_back_with_a_posted_form(visit, sandbox, merchant):
    page = visit()
    page.send("/pay", operator="MOMO", phone="0707070700")

    payment = sandbox.find(sandbox.list_payments()[0]["transaction_id"])
    assert (
        f'<form method="post" action="{merchant.url}/retour/" data-submit-after="2500">'
        in page.html
    )
    assert f'name="token" value="{payment.token}"' in page.html
    assert f'name="transaction_id" value="{payment.transaction_id}"' in page.html
    assert "Revenir chez NOURX" in page.html


def test_giving_up_leads_back_at_once(visit, merchant, sandbox):
    page = visit()

    page.send("/cancel")

    assert page.title == "Retour chez NOURX"
    assert f'action="{merchant.url}/retour/" data-submit-after="0"' in page.html
    assert sandbox.list_payments()[0]["stage"] == "REFUSED"


@pytest.mark.parametrize("path", ["/code", "/decide", "/retry"])
def test_what_is_not_the_moment_changes_nothing(visit, sandbox, path):
    page = visit()
    page.send("/pay", operator="MOMO", phone="0707070700")

    page.send(path, otp="1234", decision="refuse")

    assert page.title == "Paiement accepté"
    assert sandbox.list_payments()[0]["stage"] == "ACCEPTED"


def test_paying_twice_pays_once(visit, sandbox, merchant):
    page = visit()
    page.send("/pay", operator="MOMO", phone="0707070700")
    page.send("/pay", operator="MOMO", phone="0707070703")

    sandbox.advance(60)

    assert page.title == "Paiement accepté"
    assert merchant.words == ["SUCCES"]


def test_an_unknown_page_is_a_404_in_french(server):
    response = requests.get(f"{server.url}/payment/{'0' * 64}", timeout=5)

    assert response.status_code == 404
    assert "Ce paiement n’existe pas" in unescape(response.text)


def test_the_page_runs_nothing_from_elsewhere_and_posts_only_to_the_merchant(visit, merchant):
    policy = visit().headers["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert f"form-action 'self' {merchant.url}" in policy
    assert "frame-ancestors 'none'" in policy


def test_a_page_that_waits_looks_again_by_itself_with_and_without_scripts(visit):
    page = visit()
    still = "http-equiv" in page.html

    page.send("/pay", operator="MOMO", phone=ORDINARY)

    assert not still
    assert '<noscript><meta http-equiv="refresh" content="4"></noscript>' in page.html
    assert 'data-stage="ON_PHONE"' in page.html
    assert requests.get(f"{page.page}/state", timeout=5).json() == {"stage": "ON_PHONE"}


@pytest.mark.parametrize("name", ["page.css", "page.js", "icon.svg"])
def test_the_pages_files_are_served(server, name):
    assert requests.get(f"{server.url}/assets/{name}", timeout=5).status_code == 200
