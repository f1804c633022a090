"""A receipt is verified on a telephone in flight mode."""

import re

import pytest
from playwright.sync_api import expect

from billing.proofs.codes import Proof
from billing.proofs.services import proof_url
from tests.conftest import AT

pytestmark = pytest.mark.django_db(transaction=True)


def test_without_a_network_a_good_receipt_is_verified_and_a_changed_one_refused(person):
    proof = Proof("REC", "REC-2026-0107", "2026-11-21", 150_000, "XOF", "Acme", "NOURX SARL")
    code = proof_url(proof, at=AT).split("#")[1]
    other = proof_url(Proof(*("REC", "REC-2026-0107", "2026-11-21", 950_000, "XOF", "", "")), at=AT)
    mixed = ".".join([*other.split("#")[1].split(".")[:3], code.split(".")[3]])
    page = person().page

    page.goto("/verifier/")
    page.wait_for_function("caches.match('/verifier/').then(Boolean)")
    page.context.set_offline(True)
    page.goto(f"/verifier/#{code}")
    expect(page.get_by_role("heading", name="Ce reçu est authentique")).to_be_visible()
    expect(page.locator("[data-fact=amount]")).to_have_text(re.compile(r"^150\s000\sF\sCFA$"))
    expect(page.get_by_text("Sans réseau, la signature est vérifiée")).to_be_visible()

    page.get_by_label("Code du reçu").fill(mixed)
    page.get_by_role("button", name="Vérifier").click()
    expect(page.get_by_role("heading", name="Ce code n’est pas authentique")).to_be_visible()
    expect(page.get_by_role("heading", name="Ce reçu est authentique")).to_have_count(0)
