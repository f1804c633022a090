"""The search over every screen of the back-office, with the keyboard alone."""

import re

import pytest
from playwright.sync_api import expect

from core import rls
from tests.e2e.conftest import DESKTOP

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_person_of_the_team_goes_to_an_invoice_without_a_mouse(
    site, person, acme, make_invoice, manager
):
    with rls.staff("test"):
        make_invoice(acme, "FAC-2026-0041")
    one = person(DESKTOP)
    one.page.goto("/admin/snippets/accounts/client/")
    one.sign_in(manager.email)
    box = one.page.get_by_role("combobox", name="Chercher partout")
    bell = one.page.locator("[data-bell-open]")
    expect(bell).to_have_attribute("aria-expanded", "false")  # the script of the page is there

    one.page.keyboard.press("Control+k")
    expect(box).to_be_focused()
    one.page.keyboard.type("fac-2026-0041")
    found = one.page.get_by_role("option", name="FAC-2026-0041")
    expect(found).to_have_attribute("aria-selected", "true")
    one.page.keyboard.press("Enter")

    expect(one.page).to_have_url(re.compile("/invoicing/invoice/"))
    expect(bell).to_have_attribute("aria-expanded", "false")
    one.page.keyboard.press("?")
    expect(one.page.get_by_role("dialog", name="Raccourcis du clavier")).to_be_visible()
    one.page.keyboard.press("Escape")
    one.page.keyboard.press("g")
    one.page.keyboard.press("c")
    expect(one.page).to_have_url(re.compile("/accounts/client/$"))
