"""Two windows, two spaces: what was begun in one is not sent to the other."""

import pytest
from playwright.sync_api import expect

from core import rls
from portal.support.models import Ticket

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_form_of_one_space_is_not_sent_from_another(person, acme, rival, acme_owner, make_member):
    make_member(rival, "owner", user=acme_owner)
    one = person({"width": 1280, "height": 800})
    one.page.goto("/client/support/nouveau/")
    one.sign_in(acme_owner.email)
    other = one.page.context.new_page()
    other.goto("/client/")
    other.locator(".sidebar .space-menu summary").click()
    other.locator(".sidebar").get_by_role("button", name="Rival Transit").click()
    expect(other.locator(".sidebar .space-menu summary")).to_contain_text("Rival Transit")

    one.page.get_by_label("Sujet").fill("Le panier reste vide")
    one.page.get_by_label("Message").fill("Depuis ce matin.")
    with one.page.expect_response(lambda answer: answer.request.method == "POST") as sent:
        one.page.get_by_role("button", name="Envoyer la demande").click()

    assert sent.value.status == 404
    with rls.staff("test"):
        assert not Ticket.objects.exists()
