"""Writing the knowledge base: reviewed before it is public, followed, found again, checked."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from core import rls
from core.notify.models import TeamNotice
from portal.knowledge import queries, services
from portal.knowledge.models import Article, ArticleVote, MissedSearch
from portal.knowledge.screens.reports import last_months, trend
from portal.knowledge.tasks import publish_scheduled
from portal.knowledge.team_hooks import waiting_reviews
from portal.knowledge.workflow import sync_workflow

AGO = timedelta(days=400)


@pytest.fixture
def make_article(db):
    def make(title="Payer une facture", slug="payer", **fields):
        fields = {"audience": "public", "live": True, **fields}
        return Article.objects.create(title=title, slug=slug, **fields)

    return make


@pytest.fixture
def workflow(db):
    sync_workflow()


def screen(model, page, *arguments):
    return reverse(model.snippet_viewset.get_url_name(page), args=arguments)


def facts_of(title="Payer", **fields):
    empty = {"category": "", "summary": "", "keeper": "", "go_live_at": "", "expire_at": ""}
    body = '{"blocks": [], "entityMap": {}}'
    return {**empty, "title": title, "slug": "payer", "audience": "public", "body": body, **fields}


def texts_for(person):
    with rls.staff("test"):
        return list(TeamNotice.objects.filter(user=person).values_list("text", flat=True))


@pytest.mark.usefixtures("workflow")
def test_an_editor_submits_and_a_manager_publishes(editor, manager, client_of):
    writer, reviewer = client_of(editor), client_of(manager)
    add = screen(Article, "add")

    writer.post(add, {**facts_of(), "action-publish": "1"})
    article = Article.objects.get()
    assert article.live is False

    edit = screen(Article, "edit", article.pk)
    act = {"action-workflow-action": "1", "workflow-action-name": "approve"}
    writer.post(edit, {**facts_of(), "action-submit": "1"})
    assert texts_for(manager) == ["À relire : Payer"]
    assert waiting_reviews().count() == 1
    assert "Payer" in reviewer.get(f"{screen(Article, 'list')}?situation=review").content.decode()
    writer.post(
        edit, {**facts_of(), "action-workflow-action": "1", "workflow-action-name": "approve"}
    )
    assert client_of().get("/aide/payer/").status_code == 404

    reviewer.post(edit, {**facts_of(), **act})
    assert client_of().get("/aide/payer/").status_code == 200
    assert texts_for(editor) == ["Relu et publié : Payer"]
    assert waiting_reviews().count() == 0
    assert mail.outbox == []  # owed to the worker, never sent in the request


@pytest.mark.usefixtures("workflow")
def test_an_editor_neither_publishes_nor_takes_down(editor, client_of, make_article):
    article, writer = make_article(), client_of(editor)

    writer.post(screen(Article, "edit", article.pk), {**facts_of("Autre"), "action-publish": "1"})
    writer.post(screen(Article, "unpublish", article.pk))

    article.refresh_from_db()
    assert (article.live, article.title) == (True, "Payer une facture")


def test_the_workflow_of_the_team_is_left_as_it_is(workflow):
    from wagtail.models import Workflow, WorkflowContentType

    Workflow.objects.get(name="Relecture des articles").deactivate()
    sync_workflow()

    assert Workflow.objects.filter(name="Relecture des articles").count() == 1
    assert not WorkflowContentType.objects.filter(content_type__model="article").exists()


def test_a_former_address_leads_to_the_article_for_those_who_read_it(make_article, client_of):
    article = make_article()
    for slug in ("regler", "payer-en-ligne"):
        article.slug = slug
        article.save()

    moved = client_of().get("/aide/regler/")
    assert (moved.status_code, moved.url) == (301, "/aide/payer-en-ligne/")
    assert client_of().get("/aide/payer/").url == "/aide/payer-en-ligne/"

    article.slug, article.audience = "payer", "internal"
    article.save()
    assert set(article.addresses.values_list("slug", flat=True)) == {"regler", "payer-en-ligne"}
    assert client_of().get("/aide/regler/").status_code == 404


def test_articles_appear_and_disappear_on_their_day(make_article, client_of):
    now = timezone.now()
    draft = make_article(live=False)
    draft.go_live_at = now - timedelta(minutes=1)
    with rls.staff("test world"):
        draft.save_revision(approved_go_live_at=draft.go_live_at)
    over = make_article("Ancien", "ancien", expire_at=now - timedelta(minutes=1))
    over.save()

    publish_scheduled()
    publish_scheduled()

    assert client_of().get("/aide/payer/").status_code == 200
    assert client_of().get("/aide/ancien/").status_code == 404


def test_a_published_article_answers_the_searches_it_holds(make_article, team):
    now = timezone.now()
    for words in ("facture pro forma", "rembourser un acompte"):
        services.note_missed_search(words=words, at=now)
    article = make_article("Facture pro forma", "pro-forma", live=False)

    article.save_revision().publish()

    answered = MissedSearch.objects.get(words="facture pro forma")
    assert (answered.answer, answered.closed_at is not None) == (article, True)
    assert MissedSearch.objects.get(words="rembourser un acompte").closed_at is None

    services.note_missed_search(words="facture pro forma", at=now)
    answered.refresh_from_db()
    assert (answered.answer, answered.closed_at, answered.times) == (None, None, 2)


def test_an_article_is_written_from_a_search_and_the_search_is_closed(editor, client_of, team):
    services.note_missed_search(words="plafond wave", at=timezone.now())
    missed, writer = MissedSearch.objects.get(), client_of(editor)

    written = writer.get(screen(MissedSearch, "ecrire", missed.pk), follow=True)
    assert "Plafond wave" in written.content.decode()

    writer.post(screen(MissedSearch, "classer", missed.pk), {"answer": ""})
    missed.refresh_from_db()
    assert missed.closed_at is not None


def test_the_team_finds_articles_and_knows_which_may_be_sent(make_article, manager):
    make_article("Payer par Wave", "wave")
    make_article("Rembourser un Wave", "rembourser", audience="internal")
    make_article("Brouillon Wave", "brouillon", live=False)

    found = queries.search_for_team("un client veut payer avec wave")

    assert [(one.title, one.may_be_sent) for one in found] == [
        ("Payer par Wave", True),
        ("Rembourser un Wave", False),
    ]
    assert queries.search_for_team("' & |") == []


def test_old_articles_come_back_to_be_checked(make_article, editor, client_of):
    old, fresh = make_article(), make_article("Neuf", "neuf")
    Article.objects.update(updated_at=timezone.now() - AGO)
    services.mark_checked(article=fresh, actor=editor, at=timezone.now())
    report, writer = "/admin/rapports/articles-a-verifier/", client_of(editor)
    assert "Payer une facture" in writer.get(report).content.decode()

    writer.post(screen(Article, "verifier", old.pk))

    page = writer.get(report).content.decode()
    assert "Payer une facture" not in page
    assert "Neuf" not in page


def test_opinions_are_counted_by_article_and_by_month(make_article, editor, client_of, team):
    article = make_article()
    for rank, is_helpful in enumerate((True, True, False)):
        ArticleVote.objects.create(
            article=article,
            reader=f"lecteur:{rank}",
            is_helpful=is_helpful,
            comment="" if is_helpful else "Trop court",
            voted_at=timezone.now(),
        )

    page = client_of(editor).get("/admin/rapports/avis-sur-les-articles/").content.decode()
    record = client_of(editor).get(screen(Article, "inspect", article.pk)).content.decode()
    chart = trend(timezone.localdate())

    assert "67\u00a0%" in page
    assert "Trop court" in record
    assert chart is not None
    assert [point.text.partition(" : ")[2] for point in chart.points] == ["67\u00a0% de oui"]


def test_a_year_of_months_ends_with_this_one():
    assert last_months(date(2026, 2, 28))[0] == date(2025, 3, 1)
    assert last_months(date(2026, 12, 31))[-1] == date(2026, 12, 1)
    assert len(last_months(date(2026, 1, 1))) == 12


def test_the_team_of_other_works_changes_no_article(acme, acme_owner, client_of, make_article):
    article = make_article()
    client_of(acme_owner).post(screen(Article, "edit", article.pk), facts_of("Autre"))
    client_of(acme_owner).post(screen(Article, "verifier", article.pk))

    article.refresh_from_db()
    assert (article.title, article.checked_at) == ("Payer une facture", None)
