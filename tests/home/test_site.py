"""The public site: its first page, its plain pages."""

import pytest
from wagtail.models import Page, Site

from home.models import HomePage, StandardPage


def text_of(response):
    return response.content.decode()


@pytest.fixture
def home_page(db):
    return HomePage.objects.first() or Page.objects.get(depth=1).add_child(
        instance=HomePage(title="Accueil")
    )


def test_the_first_page_leads_to_the_client_area(home_page, client_of):
    page = text_of(client_of().get("/"))

    assert 'href="/connexion/"' in page
    assert 'href="/aide/"' in page
    assert page.count("<h1") == 1


def test_privacy_is_explained(home_page, client_of):
    assert client_of().get("/confidentialite/").status_code == 200


def test_a_plain_page_shows_its_text(home_page, client_of):
    home_page.add_child(
        instance=StandardPage(title="Mentions", slug="mentions", body="<p>NOURX SARL</p>")
    )

    assert "<p>NOURX SARL</p>" in text_of(client_of().get("/mentions/"))


def test_a_draft_page_is_not_shown(home_page, client_of):
    home_page.add_child(instance=StandardPage(title="Plus tard", slug="plus-tard", live=False))

    assert client_of().get("/plus-tard/").status_code == 404


def test_the_site_begins_at_the_home_page(home_page):
    assert Site.objects.get(is_default_site=True).root_page.specific == home_page
