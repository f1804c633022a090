"""What a client sees and does about paying (P29–P32, P59, S0-130, S0-204)."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse

from billing.payments import links
from billing.payments.models import Payment, PaymentAttempt
from core import rls
from core.money import format_amount

pytestmark = pytest.mark.django_db

DUE = format_amount(118_000, "XOF")


@pytest.fixture
def awa(client_of, acme_owner):
    """A browser signed in as Acme's owner."""
    return client_of(acme_owner, enforce_csrf_checks=False)


@pytest.fixture
def attempt(invoice, start):
    """A payment under way for Acme's invoice."""
    return start(invoice)


def pay_url(invoice):
    return reverse("payments:pay", args=[invoice.number])


def pay(browser, invoice, **fields):
    """Send the form that pays."""
    return browser.post(pay_url(invoice), {"channel": "mtn", "key": "a" * 32, **fields})


def one_attempt():
    with rls.staff("test"):
        return PaymentAttempt.objects.get()


def test_the_pay_page_names_the_ways_to_pay_and_the_sum(awa, invoice, payer):
    page = awa.get(pay_url(invoice)).content.decode()

    assert f"Payer {DUE}" in page
    for name in ("Orange Money", "Wave", "MTN MoMo", "Moov Money"):
        assert name in page
    assert "Carte Visa" not in page  # Acme's address is not known
    assert "sandbox.0001" not in page  # S0-121


def test_paying_writes_the_attempt_down_and_leads_to_the_provider(awa, invoice, payer):
    answer = pay(awa, invoice)

    attempt = one_attempt()
    assert (answer.status_code, answer["Location"]) == (303, attempt.redirect_url)
    assert (attempt.amount, attempt.channel, attempt.state) == (118_000, "mtn", "pending")
    assert payer.server.url in answer.headers["Content-Security-Policy"]


def test_P42_a_form_sent_twice_is_one_attempt(awa, invoice, payer):
    first, second = pay(awa, invoice), pay(awa, invoice)

    assert first["Location"] == second["Location"]
    assert one_attempt().amount == 118_000


def test_a_part_may_be_paid(awa, invoice, payer):
    pay(awa, invoice, amount="35 400")

    assert one_attempt().amount == 35_400


@pytest.mark.parametrize("amount", ["118 005", "1001", "50", "-100", "beaucoup", "12,50"])
def test_P31_an_amount_the_invoice_does_not_allow_is_refused(awa, invoice, payer, amount):
    answer = pay(awa, invoice, amount=amount)

    assert answer.status_code == 422
    with rls.staff("test"):
        assert not PaymentAttempt.objects.exists()


def test_P31_an_amount_slipped_into_the_form_is_not_read(awa, invoice, payer):
    pay(awa, invoice, total="5", cpm_amount="5", due="5")

    assert one_attempt().amount == 118_000


def test_a_paid_invoice_answers_409(awa, acme, make_invoice, payer):
    invoice = make_invoice(acme, "FAC-2026-0005", amount_paid=118_000)

    answers = [awa.get(pay_url(invoice)).status_code, pay(awa, invoice).status_code]

    assert answers[0] == 409
    assert answers[1] in (409, 422)
    assert payer.sandbox.list_payments() == []


def test_a_draft_does_not_exist_for_the_client(awa, draft, payer):
    assert awa.post("/client/factures/BROUILLON/payer/").status_code == 404


def test_P16_above_the_ceiling_a_part_is_proposed(awa, acme, make_invoice, payer):
    invoice = make_invoice(acme, "FAC-2026-0006", net=4_000_000, vat=0)

    page = awa.get(pay_url(invoice)).content.decode()
    whole = pay(awa, invoice)
    part = pay(awa, invoice, amount="1 500 000")

    assert 'value="1500000"' in page
    assert (whole.status_code, part.status_code) == (422, 303)


def test_when_the_provider_is_down_the_page_says_so_in_french(awa, invoice, payer):
    payer.fault(kind="500", on="start")

    answer = pay(awa, invoice)

    assert answer.status_code == 503
    assert "ne répond pas" in answer.content.decode()
    assert not one_attempt().is_live


@pytest.mark.parametrize("name", ["CINETPAY_APIKEY", "CINETPAY_SITE_ID", "CINETPAY_SECRET_KEY"])
def test_without_keys_online_payment_is_off_and_nothing_breaks(awa, invoice, settings, name):
    setattr(settings, name, "")

    page = awa.get(pay_url(invoice))
    answer = pay(awa, invoice)

    assert page.status_code == 200
    assert "n’est pas disponible" in page.content.decode()
    assert answer.status_code in (422, 503)
    with rls.staff("test"):
        assert not PaymentAttempt.objects.exists()


@pytest.mark.parametrize("role", ["project", "guest"])
def test_only_who_may_pay_reaches_the_page(client_of, make_member, acme, invoice, payer, role):
    browser = client_of(make_member(acme, role))

    assert browser.get(pay_url(invoice)).status_code == 404
    assert pay(browser, invoice).status_code == 404


def test_P32_another_client_finds_nothing(client_of, rival_owner, invoice, attempt, payer):
    browser = client_of(rival_owner)
    paths = ["attempt", "attempt_status", "attempt_check"]

    answers = [browser.get(pay_url(invoice)).status_code, pay(browser, invoice).status_code]
    answers += [
        getattr(browser, "post" if name.endswith("check") else "get")(
            reverse(f"payments:{name}", args=[attempt.reference])
        ).status_code
        for name in paths
    ]

    assert set(answers) == {404}


def test_nobody_is_sent_to_sign_in(client_of, invoice, attempt):
    browser = client_of()

    for url in (pay_url(invoice), reverse("payments:attempt", args=[attempt.reference])):
        answer = browser.get(url)
        assert (answer.status_code, "/connexion/" in answer["Location"]) == (302, True)


def test_the_waiting_page_works_with_and_without_scripts(awa, attempt):
    page = awa.get(reverse("payments:attempt", args=[attempt.reference])).content.decode()

    assert "Validez sur votre téléphone" in page
    assert 'http-equiv="refresh" content="3"' in page
    assert "every 3s, visibilitychange from:document" in page
    assert "Vérifier maintenant" in page
    assert "Reprendre le paiement" in page
    assert "Ne payez pas une seconde fois" in page


def test_htmx_is_given_the_part_that_changes(awa, attempt):
    url = reverse("payments:attempt", args=[attempt.reference])

    part = awa.get(url, headers={"HX-Request": "true"}).content.decode()

    assert part.lstrip().startswith('<div id="paiement"')
    assert "<html" not in part


def test_checking_now_settles_and_ends_the_refreshing(awa, attempt, payer, invoice):
    payer.pay(attempt)

    answer = awa.post(reverse("payments:attempt_check", args=[attempt.reference]))
    with rls.staff("test"):
        attempt.refresh_from_db()
        receipt = attempt.payment.receipt
    page = awa.get(answer["Location"]).content.decode()

    assert (answer.status_code, attempt.state) == (303, "succeeded")
    assert "Paiement reçu" in page
    assert receipt.number in page


def test_a_refusal_offers_another_try(awa, attempt, payer, check):
    payer.pay(attempt, "05")
    with rls.staff("test"):
        check(attempt)

    page = awa.get(reverse("payments:attempt", args=[attempt.reference])).content.decode()

    assert "n’a pas abouti" in page
    assert "solde du compte est insuffisant" in page
    assert "Réessayer" in page
    assert "http-equiv" not in page


def test_a_refusal_of_an_invoice_paid_since_offers_no_other_try(
    awa, attempt, invoice, start, payer, check
):
    payer.pay(attempt, "05")
    with rls.staff("test"):
        check(attempt)
        invoice.refresh_from_db()
    second = start(invoice)
    payer.pay(second)
    with rls.staff("test"):
        check(second)

    page = awa.get(reverse("payments:attempt", args=[attempt.reference])).content.decode()

    assert "n’a pas abouti" in page
    assert "Il n’y a rien à payer sur cette facture." in page
    assert reverse("invoicing:invoice", args=[invoice.number]) in page
    assert "Réessayer" not in page


@pytest.mark.parametrize(
    ("scenario", "status"), [("00", "paid"), ("03", "failed"), ("06", "pending")]
)
def test_S0_130_the_status_in_json(awa, attempt, payer, check, scenario, status):
    payer.pay(attempt, scenario)
    with rls.staff("test"):
        check(attempt)

    own = awa.get(reverse("payments:attempt_status", args=[attempt.reference]))
    token = links.SIGNER.sign(attempt.reference)
    signed = awa.get(reverse("payments:signed_status", args=[token]))

    assert json.loads(own.content)["status"] == status
    assert json.loads(signed.content) == json.loads(own.content)


@pytest.mark.parametrize("method", ["get", "post"])
def test_P59_the_browser_comes_back_without_session_or_csrf_token(client_of, attempt, method):
    browser = client_of(enforce_csrf_checks=True)
    values = {"transaction_id": attempt.reference, "token": "x"}

    answer = getattr(browser, method)(reverse("payments:return"), values)
    page = browser.get(answer["Location"])

    assert (answer.status_code, answer["Location"]) == (303, links.page_path(attempt))
    assert page.status_code == 200
    assert "Validez sur votre téléphone" in page.content.decode()


def test_P30_what_the_browser_claims_is_not_believed(client_of, attempt, invoice):
    browser = client_of()
    claims = {"transaction_id": attempt.reference, "status": "ACCEPTED", "cpm_result": "00"}

    answer = browser.post(reverse("payments:return"), claims)
    page = browser.get(answer["Location"] + "?status=ACCEPTED&cpm_result=00").content.decode()

    assert "Paiement reçu" not in page
    with rls.staff("test"):
        assert not Payment.objects.exists()


def test_P29_a_signed_page_shows_one_payment_and_nothing_else(client_of, attempt, acme):
    page = client_of().get(links.page_path(attempt)).content.decode()

    assert "FAC-2026-0001" in page
    for private in (acme.name, acme.email, acme.ncc, "awa@acme.test", "Maquettes"):
        assert private not in page


@pytest.mark.parametrize(
    "token", ["x", "AAAA.BBBB", "{reference}", "{reference}.", "{reference}.forged"]
)
def test_P29_a_forged_token_opens_nothing(client_of, attempt, token):
    token = token.format(reference=attempt.reference)

    assert client_of().get(f"/p/{token}/").status_code == 404


def test_a_return_that_names_nothing_known_leads_home(client_of, db):
    answer = client_of().post(reverse("payments:return"), {"transaction_id": "\x00' OR 1=1"})

    assert (answer.status_code, answer["Location"]) == (303, "/client/")


def test_the_invoice_offers_to_pay_then_to_resume_then_the_receipt(
    awa, invoice, start, payer, check
):
    url = links.invoice_path(invoice.number)
    before = awa.get(url).content.decode()

    attempt = start(invoice)
    during = awa.get(url).content.decode()
    payer.pay(attempt)
    with rls.staff("test"):
        check(attempt)
        receipt = attempt.payment.receipt if hasattr(attempt, "payment") else None
    after = awa.get(url).content.decode()

    assert f"Payer {DUE}" in before
    assert "Paiement en cours" in during
    assert "Reprendre" in during
    assert f"Payer {DUE}" not in after
    assert receipt.number in after


def test_a_page_left_days_ago_is_no_payment_under_way(awa, invoice, start, now):
    attempt = start(invoice)
    with rls.staff("test"):
        type(attempt).objects.update(created_at=now - timedelta(hours=25))

    for url in (links.invoice_path(invoice.number), "/client/factures/"):
        assert "Paiement en cours" not in awa.get(url).content.decode()


def test_S0_022_payments_are_listed_with_their_receipts(
    awa, client_of, rival_owner, attempt, payer, check, do_owed_work
):
    payer.pay(attempt)
    with rls.staff("test"):
        check(attempt)
        do_owed_work()
        payment = Payment.objects.get()
        number = payment.receipt.number

    page = awa.get(reverse("payments:list")).content.decode()
    pdf = awa.get(reverse("payments:receipt_pdf", args=[number]))
    content = b"".join(pdf.streaming_content)
    stranger = client_of(rival_owner).get(reverse("payments:receipt_pdf", args=[number]))

    assert DUE in page
    assert payment.provider_reference in page
    assert number in page
    assert (pdf.status_code, content[:5]) == (200, b"%PDF-")
    assert stranger.status_code == 404


def test_a_signed_page_is_kept_in_no_cache(client, attempt):
    for address in (links.page_path(attempt), links.page_path(attempt) + "statut.json"):
        assert client.get(address)["Cache-Control"] == "private, no-store"


def test_a_payment_that_we_verify_is_told_before_another_is_made(
    awa, invoice, attempt, payer, check
):
    payer.pay(attempt, "14")
    check(attempt)

    page = awa.get(pay_url(invoice))

    assert "Un paiement est en cours de vérification" in page.text
