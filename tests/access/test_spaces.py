"""Somebody of two clients works in the space of one at a time, and nothing of the other shows."""

import pytest
from django.urls import reverse

from core import rls
from core.access.grants import grants_of
from core.access.roles import Role
from core.accounts import services
from core.accounts.models import User
from tests.access.addresses import OF_A_CLIENT, every_address
from tests.access.world import MARK, fingerprint

SWITCH = "/client/espace/"
LISTS = [
    address.path({})
    for address in every_address()
    if address.route.startswith(("client/", "api/v1/")) and not address.arguments
]
ROWS = [address for address in every_address() if address.name in OF_A_CLIENT]


@pytest.fixture
def both(acme, rival, acme_owner, acme_rows, rival_rows, make_member):
    """The owner of Acme, who owns Rival too and was last in the space of Acme."""
    make_member(rival, Role.OWNER, user=acme_owner)
    User.objects.filter(pk=acme_owner.pk).update(space=acme)
    return User.objects.get(pk=acme_owner.pk)


def text_of(response):
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return content.decode("utf-8", "replace")


def go_to(browser, client):
    return browser.post(SWITCH, {"client": client.pk})


@pytest.mark.parametrize("path", LISTS)
def test_every_list_shows_the_space_of_now_only(path, both, client_of):
    answer = client_of(both).get(path)

    text = text_of(answer).replace("Rival KANARI-7F3", "")  # its name, in the menu of spaces
    assert MARK not in text


@pytest.mark.parametrize("path", ["/client/", "/client/factures/", "/api/v1/invoices/"])
def test_lists_follow_the_space(path, both, rival, client_of):
    browser = client_of(both)

    assert go_to(browser, rival).status_code == 302
    text = text_of(browser.get(path))

    assert "FAC-2026-9001" in text
    assert "FAC-2026-0001" not in text


@pytest.mark.parametrize("address", ROWS, ids=lambda address: address.name)
def test_a_post_to_a_row_of_the_other_space_does_nothing(
    address, both, rival, rival_all, client_of
):
    before = fingerprint(rival)

    answer = client_of(both).post(address.path(OF_A_CLIENT[address.name](rival_all)), {"x": "1"})

    assert answer.status_code in (404, 405)
    assert fingerprint(rival) == before
    assert User.objects.get(pk=both.pk).space_id != rival.pk


def test_a_link_to_a_row_of_the_other_space_leads_there_and_says_so(both, rival, client_of):
    browser, path = client_of(both), "/client/factures/FAC-2026-9001/"

    answer = browser.get(path, follow=True)

    assert answer.redirect_chain == [(path, 302)]
    assert "Vous êtes maintenant dans l’espace Rival KANARI-7F3." in text_of(answer)
    assert User.objects.get(pk=both.pk).space_id == rival.pk


def test_a_link_to_a_row_of_a_stranger_stays_unknown(
    both, acme, make_client, make_invoice, client_of
):
    make_invoice(make_client("Tiers"), "FAC-2026-7777")

    answer = client_of(both).get("/client/factures/FAC-2026-7777/")

    assert answer.status_code == 404
    assert User.objects.get(pk=both.pk).space_id == acme.pk


@pytest.mark.parametrize(
    "headers", [{"HX-Request": "true"}, {"Sec-Fetch-Dest": "empty"}, {"Sec-Purpose": "prefetch"}]
)
def test_what_a_script_reads_again_never_switches(headers, both, acme, client_of):
    answer = client_of(both).get("/client/factures/FAC-2026-9001/", headers=headers)

    assert answer.status_code == 404
    assert User.objects.get(pk=both.pk).space_id == acme.pk


def test_the_api_never_switches(both, acme, client_of):
    answer = client_of(both).get("/api/v1/invoices/FAC-2026-9001/")

    assert answer.status_code == 404
    assert User.objects.get(pk=both.pk).space_id == acme.pk


def test_switching_to_a_client_of_others_is_unknown_and_changes_nothing(
    both, acme, make_client, client_of
):
    browser, stranger = client_of(both), make_client("Tiers")

    answers = [browser.post(SWITCH, {"client": value}) for value in (stranger.pk, "x", "")]

    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert User.objects.get(pk=both.pk).space_id == acme.pk
    assert "Acme Distribution" in text_of(browser.get("/client/"))


def test_a_form_drawn_in_one_space_is_refused_in_another(both, acme, rival, client_of):
    browser = client_of(both)
    go_to(browser, rival)
    before = fingerprint(acme), fingerprint(rival)
    words = {"subject": "Panier", "body": "Vide.", "priority": "2"}

    by_field = browser.post("/client/support/nouveau/", {**words, "espace": acme.pk})
    by_header = browser.post(
        "/client/support/nouveau/", words, headers={"X-CSRFToken": "x", "X-Espace": str(acme.pk)}
    )

    assert (by_field.status_code, by_header.status_code) == (404, 404)
    assert (fingerprint(acme), fingerprint(rival)) == before


def test_the_session_keeps_its_space_and_the_next_one_opens_the_last(both, acme, rival, client_of):
    here, there = client_of(both), client_of(both)
    there.get("/client/")
    go_to(there, acme)
    go_to(here, rival)

    later = client_of(both)

    assert "FAC-2026-0001" in text_of(there.get("/client/factures/"))
    assert "FAC-2026-9001" in text_of(later.get("/client/factures/"))


def test_a_space_that_was_left_falls_back_to_the_other(both, acme, rival, client_of):
    with rls.staff("test"):
        services.remove_member(membership=both.memberships.get(client=acme), actor=None)

    text = text_of(client_of(User.objects.get(pk=both.pk)).get("/client/factures/"))

    assert "FAC-2026-9001" in text
    assert "FAC-2026-0001" not in text
    assert "Changer d’espace" not in text


def test_the_menu_names_the_spaces_and_the_page_says_whose_it_is(both, rival, client_of):
    browser = client_of(both)

    text = text_of(browser.get("/client/"))

    assert text.count("Changer d’espace") == 3  # the sidebar, the phone’s bar, its sheet
    assert f'name="client" value="{rival.pk}"' in text
    assert 'aria-current="true"' in text


def test_somebody_of_one_client_has_no_menu_of_spaces(acme_owner, client_of):
    assert "Changer d’espace" not in text_of(client_of(acme_owner).get("/client/"))


def test_somebody_limited_at_one_client_sees_its_projects_there_and_no_other(
    acme, rival, acme_rows, rival_rows, make_member, client_of
):
    project = acme_rows["projects.Project"]
    person = make_member(acme, Role.PROJECT, projects=[project])
    make_member(rival, Role.PROJECT, projects=[rival_rows["projects.Project"]], user=person)
    User.objects.filter(pk=person.pk).update(space=acme)
    browser = client_of(User.objects.get(pk=person.pk))

    here = text_of(browser.get(reverse("projects:list")))
    go_to(browser, rival)
    there = text_of(browser.get(reverse("projects:list")))

    assert "À NOUS" in here and MARK not in here.replace("Rival KANARI-7F3", "")
    assert "À NOUS" not in there and MARK in there.replace("Rival KANARI-7F3", "")


def test_grants_outside_a_request_are_those_of_every_client(both, acme, rival):
    assert grants_of(both).all_clients == {acme.pk, rival.pk}
