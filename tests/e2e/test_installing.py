"""The portal as an app on a phone: installable, and of some use without a network."""

import struct

import pytest
from playwright.sync_api import expect

from billing.payments.services.recording import record_payment
from core import rls
from tests.conftest import AT, ON

pytestmark = pytest.mark.django_db(transaction=True)
KEPT = "/client/recus/hors-connexion/"
READY = "() => navigator.serviceWorker.ready.then(() => true)"
CACHES = "async () => (await caches.keys()).sort()"


@pytest.fixture
def signed_in(person, acme_owner):
    """A client on the home page, with the service worker at work."""
    one = person()
    one.page.goto("/client/")
    one.sign_in(acme_owner.email)
    expect(one.page.get_by_role("heading", name="Bonjour Awa")).to_be_visible()
    assert one.page.evaluate(READY)
    return one.page


def test_the_manifest_makes_the_portal_installable(person):
    page = person().page
    page.goto("/connexion/")

    address = page.locator("link[rel=manifest]").get_attribute("href")
    manifest = page.request.get(address).json()
    icons = [(icon, page.request.get(icon["src"]).body()) for icon in manifest["icons"]]

    assert (manifest["name"], manifest["display"]) == ("NOURX, espace client", "standalone")
    assert (manifest["start_url"], manifest["scope"]) == ("/client/", "/")
    assert [(size_of(content), icon["sizes"], icon["purpose"]) for icon, content in icons] == [
        ((192, 192), "192x192", "any"),
        ((512, 512), "512x512", "any"),
        ((512, 512), "512x512", "maskable"),
    ]


def size_of(picture):
    """Return the width and height of a PNG, from its header."""
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    return struct.unpack(">II", picture[16:24])


def test_without_a_network_a_page_never_seen_says_so(signed_in):
    signed_in.context.set_offline(True)

    signed_in.goto("/client/projets/")

    expect(
        signed_in.get_by_role("heading", name="Vous êtes hors connexion", level=1)
    ).to_be_visible()
    assert signed_in.evaluate("document.styleSheets[0].cssRules.length") > 10


@pytest.fixture
def paid(acme, invoice, owner_staff):
    """A payment of Acme, whose receipt is numbered."""
    with rls.staff("test world"):
        return record_payment(
            client=acme,
            invoice=invoice,
            amount=118_000,
            method="transfer",
            reference="VIR-1",
            received_on=ON,
            idempotency_key="k",
            actor=owner_staff,
            at=AT,
        )


def test_the_last_receipts_are_read_without_a_network_and_forgotten_at_sign_out(paid, signed_in):
    page = signed_in
    with page.expect_response(lambda answer: answer.url.endswith(KEPT)):
        page.goto("/client/paiements/")
    page.wait_for_function(f"() => caches.match('{KEPT}').then(Boolean)")

    page.context.set_offline(True)
    page.goto("/client/factures/")
    page.get_by_role("link", name="Lire mes derniers reçus").click()
    expect(page.get_by_role("heading", name="REC-2026-0001")).to_be_visible()
    expect(page.get_by_text("118 000 F CFA").first).to_be_visible()

    page.context.set_offline(False)
    page.goto("/client/profil/")
    page.get_by_role("main").get_by_role("button", name="Se déconnecter").click()
    expect(page.get_by_role("button", name="Se déconnecter")).to_have_count(0)
    assert "nourx-person" not in page.evaluate(CACHES)
    page.context.set_offline(True)
    page.goto(KEPT)
    expect(page.get_by_role("heading", name="Vous êtes hors connexion")).to_be_visible()
    expect(page.get_by_role("link", name="Lire mes derniers reçus")).to_have_count(0)
