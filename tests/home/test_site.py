"""The public site: its first page, its plain pages."""

import re
from xml.etree import ElementTree

import pytest
from wagtail.models import Page, Site

from home.models import HomePage, StandardPage
from portal.knowledge.models import Article


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


# --- Legal pages ----------------------------------------------------------------------------

LEGAL = ["/confidentialite/", "/mentions-legales/", "/conditions/"]


@pytest.mark.parametrize("address", LEGAL)
def test_a_legal_page_is_dated_and_linked_from_every_footer(address, home_page, client_of):
    page = text_of(client_of().get(address))

    assert "En vigueur depuis le 21 novembre 2026" in page
    for elsewhere in ("/", "/connexion/", "/aide/"):
        footer = text_of(client_of().get(elsewhere)).split("<footer")[1]
        assert f'href="{address}"' in footer


def test_the_legal_notice_names_the_company_from_its_record(home_page, company, client_of):
    page = text_of(client_of().get("/mentions-legales/"))

    for words in ("NOURX SARL", "CI-ABJ-03-2021-B13-00123", "2112345A", "contact@nourx.test"):
        assert words in page


def test_a_page_published_in_the_menus_joins_the_footer_at_once(home_page, client_of):
    assert "Accessibilité" not in text_of(client_of().get("/aide/"))
    page = StandardPage(title="Accessibilité", slug="access", show_in_menus=True, body="<p>A</p>")
    home_page.add_child(instance=page)

    page.save_revision().publish()

    assert 'href="/access/"' in text_of(client_of().get("/aide/"))


# --- Search engines -------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["/", *LEGAL, "/aide/"])
def test_a_public_page_describes_itself(address, home_page, client_of):
    page = text_of(client_of().get(address))

    assert page.count('<meta name="description" content="') == 1
    assert '<meta name="description" content="">' not in page
    assert f'<link rel="canonical" href="http://testserver{address}">' in page
    assert '<meta property="og:title" content="' in page
    assert "noindex" not in page


def test_the_description_is_the_editors_else_the_opening(home_page, client_of):
    body = "<h2>Titre</h2><p>" + "Une phrase assez longue. " * 20 + "</p>"
    page = StandardPage(title="Page", slug="page", body=body)
    home_page.add_child(instance=page)
    opening = page.description

    page.search_description = "Écrit à la main."

    assert (opening[:23], len(opening)) == ("Titre Une phrase assez ", 155)
    assert page.description == "Écrit à la main."


@pytest.mark.parametrize("address", ["/mot-de-passe/", "/client/", "/client/support/tickets/"])
def test_the_client_area_is_not_for_search_engines(address, home_page, acme_owner, client_of):
    browser = client_of() if address == "/mot-de-passe/" else client_of(acme_owner)

    answer = browser.get(address)

    page = text_of(answer)
    assert ("X-Robots-Tag" in answer) == address.startswith("/client/")
    assert '<meta name="robots" content="noindex">' in page
    assert "og:title" not in page


def test_the_sign_in_page_is_found_by_its_name(home_page, client_of):
    answer = client_of().get("/connexion/")

    assert "noindex" not in text_of(answer)
    assert "X-Robots-Tag" not in answer
    assert "Disallow: /connexion/\n" not in text_of(client_of().get("/robots.txt"))


def test_the_site_map_lists_what_everybody_may_read(home_page, client_of):
    for slug, audience in (("payer", "public"), ("suivre", "clients"), ("marge", "internal")):
        Article.objects.create(title=slug, slug=slug, audience=audience)
    Article.objects.create(title="Brouillon", slug="brouillon", audience="public", live=False)
    home_page.add_child(instance=StandardPage(title="Plus tard", slug="plus-tard", live=False))

    answer = client_of().get("/sitemap.xml")

    found = re.findall(r"<loc>http://testserver(.*?)</loc>", text_of(answer))
    assert answer["Content-Type"] == "application/xml"
    assert found == ["/", *LEGAL, "/aide/", "/aide/payer/"]
    ElementTree.fromstring(text_of(answer))


def test_robots_are_kept_out_of_what_is_private(db, client_of):
    lines = text_of(client_of().get("/robots.txt")).splitlines()

    assert lines[0] == "User-agent: *"
    assert {"Disallow: /client/", "Disallow: /admin/", "Disallow: /p/"} <= set(lines)
    assert lines[-1] == "Sitemap: http://testserver/sitemap.xml"
