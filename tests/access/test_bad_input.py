"""Addresses that nobody types by chance: answered with a page, never with a breakdown."""

import pytest

HUGE = "9" * 23


@pytest.fixture
def as_acme(acme_owner, client_of):
    return client_of(acme_owner)


@pytest.mark.parametrize("list_", ["factures", "paiements", "support/tickets", "taches"])
def test_a_page_beyond_any_list_is_not_found(as_acme, list_):
    answer = as_acme.get(f"/client/{list_}/", {"page": HUGE, "vue": "liste"})
    assert answer.status_code == 404


@pytest.mark.parametrize("list_", ["invoices", "projects"])
def test_the_api_gives_a_hundred_rows_whatever_is_asked(as_acme, list_):
    for asked in ({"limit": HUGE}, {"offset": HUGE}, {"limit": "-1"}, {"limit": "abc"}):
        assert as_acme.get(f"/api/v1/{list_}/", asked).status_code == 200


@pytest.mark.parametrize(
    "address",
    ["/client/factures/%00/", "/client/devis/%00/pdf/", "/api/v1/payments/%00/", "/aide/%00/"],
)
def test_a_name_with_a_nul_is_not_found(as_acme, client, address):
    assert as_acme.get(address).status_code == 404
    assert client.get(address).status_code in (302, 403, 404)


@pytest.mark.parametrize("odd", ["²", "9" * 5000, "0001-01-01", "\x00"])
@pytest.mark.parametrize(
    "address",
    [
        "/admin/taches/calendrier/",
        "/admin/support/sla/",
        "/admin/snippets/documents/projectdocument/add/",
        "/admin/snippets/documents/documentrequest/add/",
        "/admin/snippets/crm/opportunity/add/",
        "/admin/snippets/crm/interaction/add/",
    ],
)
def test_odd_words_in_an_address_of_the_team_break_nothing(address, odd, owner_staff, client_of):
    names = ("projet", "project", "client", "opportunity", "qui", "jour", "du", "au", "kind")

    answer = client_of(owner_staff).get(address, dict.fromkeys(names, odd))

    assert answer.status_code == 200
