"""The guide in the back-office: every link leads somewhere, every menu has its page."""

import re

import pytest

from core.backoffice import guide, guide_pages, menu

LINK = re.compile(r'href="/admin/aide/([a-z0-9-]*)/?(?:#([\w-]+))?"')


def test_every_link_of_the_guide_leads_to_a_page_and_a_part():
    broken = []
    for page in [guide.page_of(guide.CONTENTS), *guide.pages()]:
        for slug, anchor in re.findall(
            r'href="/admin/aide/([a-z0-9-]*)/?(?:#([\w-]+))?"', page.html
        ):
            target = guide.page_of(slug) if slug else guide.page_of(guide.CONTENTS)
            if target is None or (anchor and f'id="{anchor}"' not in target.html):
                broken.append((page.slug, slug, anchor))
        broken += [(page.slug, link) for link in re.findall(r'href="([^"]+\.md[^"]*)"', page.html)]

    assert broken == []


def test_every_picture_of_the_guide_exists():
    missing = [
        (page.slug, source)
        for page in guide.pages()
        for source in re.findall(r'src="([^"]+)"', page.html)
        if not (guide.IMAGES / source.rpartition("/")[2]).is_file()
        or not source.startswith("/admin/aide/images/")
    ]

    assert missing == []


def test_every_page_is_in_the_table_of_contents_and_every_menu_has_one():
    listed = {
        found["slug"] for found in guide.LINK.finditer((guide.FOLDER / "README.md").read_text())
    }

    assert {page.slug for page in guide.pages()} == listed
    assert set(menu.GROUPS) - listed == set()


def test_a_page_shows_to_anybody_of_the_team(as_editor):
    page = as_editor.get("/admin/aide/accueil/").content.decode()

    assert '<h2 id="a-regarder">À regarder</h2>' in page
    assert 'href="/admin/aide/confort/"' in page


@pytest.mark.parametrize("slug", ["nulle-part", "..%2fREADME", "README.md"])
def test_what_is_no_page_is_not_found(as_editor, slug):
    assert as_editor.get(f"/admin/aide/{slug}/").status_code == 404


def test_a_client_reads_no_guide(client_of, acme_owner):
    answer = client_of(acme_owner).get("/admin/aide/accueil/")

    assert answer.status_code == 302
    assert client_of().get("/admin/aide/images/equipe-accueil-bureau.png").status_code == 302


def test_the_search_finds_words_without_their_accents(as_editor):
    page = as_editor.get("/admin/aide/?q=reporter+alerte").content.decode()

    assert "/admin/aide/accueil/" in page


def test_raw_html_stays_text():
    html = guide.MarkdownIt("commonmark", {"html": False}).render("<script>alert(1)</script>")

    assert html == "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n"


@pytest.mark.parametrize(
    ("address", "slug"),
    [
        ("", "accueil"),
        ("commercial/pipeline/", "commercial"),
        ("snippets/crm/interaction/edit/3/", "echanges"),
        ("rapports/impayes/", "relances"),
        ("journaux/courriels/", "journaux"),
        ("facturation/analytics/", "analyse"),
    ],
)
def test_a_screen_leads_to_the_page_that_speaks_of_it(rf, address, slug):
    assert guide_pages.help_slug_of(None, rf.get(f"/admin/{address}")) == slug


def test_every_page_a_screen_leads_to_exists():
    slugs = {*guide_pages.PAGES_OF_ADDRESSES.values(), *guide_pages.PAGES_OF_GROUPS.values()}

    assert [slug for slug in slugs if guide.page_of(slug) is None] == []
