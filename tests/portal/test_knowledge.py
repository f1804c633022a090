"""The knowledge base: who reads what, and how it is found."""

import pytest

from core import rls
from portal.knowledge import queries
from portal.knowledge.models import Article, Category

LIST = "/aide/"


@pytest.fixture
def make_article(db):
    def make(title="Payer une facture", slug="payer", **fields):
        fields = {"audience": "public", "live": True, **fields}
        return Article.objects.create(title=title, slug=slug, **fields)

    return make


def text_of(response):
    return response.content.decode()


def test_everybody_reads_a_public_article(make_article, client_of):
    make_article(body="<p>Touchez le bouton.</p>")

    response = client_of().get("/aide/payer/")

    assert response.status_code == 200
    assert "Touchez le bouton." in text_of(response)


@pytest.mark.parametrize(
    ("audience", "stranger", "client", "staff"),
    [("public", 200, 200, 200), ("clients", 404, 200, 200), ("internal", 404, 404, 200)],
)
def test_an_article_is_read_by_its_audience_only(
    audience, stranger, client, staff, make_article, client_of, acme_owner, manager
):
    make_article(audience=audience)

    assert client_of().get("/aide/payer/").status_code == stranger
    assert client_of(acme_owner).get("/aide/payer/").status_code == client
    assert client_of(manager).get("/aide/payer/").status_code == staff


def test_a_draft_is_read_by_nobody(make_article, client_of, manager):
    make_article("Brouillon", live=False)

    assert client_of(manager).get("/aide/payer/").status_code == 404
    assert "Brouillon" not in text_of(client_of().get(LIST))
    assert "Brouillon" not in text_of(client_of().get(f"{LIST}?q=brouillon"))


def test_a_draft_of_a_live_article_leaves_the_page_as_it_was(make_article, client_of):
    article = make_article(body="<p>Ancien texte.</p>")

    article.body = "<p>Nouveau texte.</p>"
    article.save_revision()

    page = text_of(client_of().get("/aide/payer/"))
    assert "Ancien texte." in page
    assert "Nouveau texte." not in page


def test_publishing_a_draft_changes_the_page(make_article, client_of):
    article = make_article(body="<p>Ancien texte.</p>")
    article.body = "<p>Nouveau texte.</p>"

    with rls.staff("test"):
        article.save_revision().publish()

    assert "Nouveau texte." in text_of(client_of().get("/aide/payer/"))


@pytest.mark.parametrize(
    "words", ["facture", "Factures", "FACTURES", "téléphone", "telephone", "payer telephones"]
)
def test_a_search_minds_neither_accents_nor_plurals(words, make_article, client_of):
    make_article("Payer une facture depuis votre téléphone")
    make_article("Suivre un projet", "suivre")

    page = text_of(client_of().get(LIST, {"q": words}))

    assert "depuis votre téléphone" in page
    assert "Suivre un projet" not in page


def test_a_search_without_a_find_says_what_to_do(make_article, client_of):
    make_article()

    assert "Aucun article trouvé" in text_of(client_of().get(LIST, {"q": "girafe"}))


@pytest.mark.parametrize("words", ["%", "_", "'; drop table", "<script>", "s", "   "])
def test_an_odd_search_breaks_nothing(words, make_article, client_of):
    make_article()

    response = client_of().get(LIST, {"q": words})

    assert response.status_code == 200
    assert "<script>" not in text_of(response).split("</head>")[1].replace("<script ", "")


def test_a_search_reads_what_its_reader_may_read(make_article, acme_owner):
    make_article("Accueillir un client", "accueillir", audience="internal")

    assert not queries.search(acme_owner, "accueillir").exists()


def test_articles_stand_on_their_shelves_in_order(make_article, client_of):
    second = Category.objects.create(name="Projets", slug="projets", sort_order=2)
    first = Category.objects.create(name="Payer", slug="payer", sort_order=1)
    make_article("Suivre", "suivre", category=second)
    make_article("Régler", "regler", category=first)

    page = text_of(client_of().get(LIST))

    assert page.index("Payer</h2>") < page.index("Projets</h2>")
