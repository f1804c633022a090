"""Paying by a link, without an account: what it shows, counts, refuses, and leads to."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from billing.invoicing import services as invoicing
from billing.invoicing.models import InvoiceEvent, PayLink
from billing.invoicing.pay_links import token_from
from billing.payments.models import PaymentAttempt
from core import rls

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("team")]
PERSON = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36"
PREVIEWS = [
    "WhatsApp/2.24.20 A",
    "facebookexternalhit/1.1",
    "Mozilla/5.0 (compatible; Googlebot/2.1)",
    "Mozilla/5.0 (Macintosh) AppleWebKit/601 Safari/601 facebookexternalhit/1.1 Facebot",
    "TelegramBot (like TwitterBot)",
    "curl/8.5.0",
    "",
]


def path_of(invoice):
    link = invoicing.make_pay_link(invoice=invoice, at=timezone.now(), actor=None)
    return f"/payer/{token_from(link.nonce)}/"


def opened(browser, path, agent=PERSON):
    return browser.get(path, headers={"User-Agent": agent})


def text_of(response):
    return response.content.decode().replace("\u202f", " ").replace("\u00a0", " ")


def test_the_page_shows_one_invoice_and_how_to_pay_it(invoice, payer, client_of):
    response = opened(client_of(), path_of(invoice))

    page = text_of(response)
    assert response.status_code == 200
    assert "Facture FAC-2026-0001" in page
    assert "De NOURX, pour Acme Distribution" in page
    assert "Payer 118 000 F CFA" in page


def test_the_preview_of_a_message_tells_the_amount_and_nothing_else(invoice, payer, client_of):
    page = text_of(opened(client_of(), path_of(invoice), "WhatsApp/2.24.20 A"))

    told = dict(re.findall(r'<meta property="og:(\w+)" content="([^"]*)"', page))
    assert told["title"] == "Facture FAC-2026-0001 · NOURX"
    assert told["description"] == "118 000 F CFA à régler en ligne avant le 4 décembre 2026"
    assert re.fullmatch(r"https?://.*\.png", told["image"])
    assert "Acme" not in "".join(told.values())


def test_nobody_keeps_or_indexes_the_page(invoice, payer, client_of):
    response = opened(client_of(), path_of(invoice))

    assert response["X-Robots-Tag"] == "noindex, nofollow, noarchive"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("agent", PREVIEWS)
def test_a_preview_is_no_opening(invoice, payer, client_of, agent):
    opened(client_of(), path_of(invoice), agent)

    assert PayLink.objects.get().openings == 0
    invoice.refresh_from_db()
    assert invoice.seen_at is None


def test_a_visit_counts_once_in_half_an_hour_and_makes_the_invoice_seen(invoice, payer, client_of):
    path = path_of(invoice)

    opened(client_of(), path)
    opened(client_of(), path)
    opened(client_of(), path, PERSON.replace("Android 14", "Android 15"))

    link = PayLink.objects.get()
    assert link.openings == 2
    assert timezone.now() - link.last_opened_at < timedelta(minutes=1)
    event = InvoiceEvent.objects.get(kind="seen")
    assert (event.actor, event.detail) == (None, "lien de paiement")


def test_unknown_revoked_and_ended_links_read_the_same(
    invoice, acme, make_invoice, payer, client_of
):
    revoked = path_of(invoice)
    invoicing.revoke_pay_link(invoice=invoice, at=timezone.now(), actor=None)
    paid = make_invoice(acme, "FAC-2026-0002")
    ended = path_of(paid)
    then = timezone.now() - timedelta(days=31)
    invoicing.apply_payment(invoice=paid, amount=paid.total, at=then)

    answers = [client_of().get(path) for path in ("/payer/inconnu/", revoked, ended)]

    assert [answer.status_code for answer in answers] == [404, 404, 404]
    pages = {re.sub(r"[0-9A-F]{8}|csrf\w*|[\w-]{64}", "", text_of(answer)) for answer in answers}
    assert len({re.sub(r'"/payer/[^"]*"', "", page) for page in pages}) == 1


def test_a_link_pays_its_own_invoice(invoice, payer, client_of, check):
    browser = client_of(enforce_csrf_checks=True)
    path = path_of(invoice)
    page = text_of(opened(browser, path))
    hidden = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page))

    response = browser.post(
        path, {**hidden, "channel": "mtn"}, headers={"Origin": "http://testserver"}
    )

    attempt = PaymentAttempt.objects.get()
    assert (response.status_code, response.url) == (303, attempt.redirect_url)
    assert (attempt.invoice, attempt.amount, attempt.started_by) == (invoice, 118_000, None)
    assert attempt.pay_link == PayLink.objects.get()
    payer.pay(attempt)
    check(attempt)
    invoice.refresh_from_db()
    assert invoice.amount_due == 0
    assert "Facture réglée" in text_of(opened(client_of(), path))


def test_a_paid_link_offers_no_payment(invoice, payer, client_of):
    path = path_of(invoice)
    invoicing.apply_payment(invoice=invoice, amount=invoice.total, at=timezone.now())

    page = text_of(opened(client_of(), path))
    refused = client_of().post(path, {"channel": "mtn"})

    assert "Facture réglée" in page
    assert "<form" not in page.split("<main")[1].split("</main")[0]
    assert refused.status_code == 422
    assert not PaymentAttempt.objects.exists()


def test_a_link_gives_no_receipt_of_another_invoice(
    invoice, acme, make_invoice, payer, start, check, client_of, do_owed_work
):
    other = make_invoice(acme, "FAC-2026-0002")
    attempt = start(other)
    payer.pay(attempt)
    check(attempt)
    do_owed_work()

    mine = client_of().get(f"{path_of(invoice)}recu/REC-2026-0001.pdf")
    theirs = client_of().get(f"{_kept_path(other)}recu/REC-2026-0001.pdf")

    assert mine.status_code == 404
    assert theirs.status_code == 404  # settled by its owner, who never shared it


def _kept_path(invoice):
    """Return the path of a link that was never made."""
    return f"/payer/{token_from(str(invoice.pk))}/"


def test_whoever_paid_by_a_link_finds_the_receipt_there(
    invoice, payer, client_of, check, do_owed_work
):
    path = path_of(invoice)
    client_of().post(path, {"channel": "mtn"})
    attempt = PaymentAttempt.objects.get()
    payer.pay(attempt)
    check(attempt)
    do_owed_work()

    file = client_of().get(f"{path}recu/REC-2026-0001.pdf")
    pdf = client_of().get(f"{path}facture.pdf")

    assert b"".join(file.streaming_content)[:5] == b"%PDF-"
    assert pdf.status_code == 404  # no worker drew this invoice


def test_too_many_reads_are_held_back(invoice, payer, client_of):
    path, browser = path_of(invoice), client_of()

    answers = [browser.get(path).status_code for _ in range(61)]

    assert answers == [200] * 60 + [429]


def test_only_pages_that_pay_may_send_a_form_to_the_provider(
    invoice, payer, acme_owner, client_of, settings
):
    provider = settings.CINETPAY_BASE_URL
    signed_in = client_of(acme_owner)

    with rls.staff("test"):
        pays = [client_of().get(path_of(invoice))]
    pays += [
        signed_in.get(f"/client/factures/{invoice.number}/"),
        signed_in.get(f"/client/factures/{invoice.number}/payer/"),
    ]
    others = [signed_in.get(path) for path in ("/client/", "/client/factures/", "/connexion/")]

    assert [provider in page["Content-Security-Policy"] for page in pays] == [True] * 3
    assert [provider in page["Content-Security-Policy"] for page in others] == [False] * 3
