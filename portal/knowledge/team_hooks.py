"""What the knowledge base adds to the team's home page and search."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail import hooks
from wagtail.models import TaskState, WorkflowState

from core.hooks import Alert, Alerts, SearchHit, SearchSource, TeamFigure
from core.search import search_text
from portal.knowledge import queries
from portal.knowledge.models import Article, MissedSearch
from portal.knowledge.screens.articles import STALE
from portal.knowledge.screens.reports import ArticlesToCheck

READ, WRITES, REVIEWS = (
    "knowledge.view_article",
    "knowledge.change_article",
    "knowledge.publish_article",
)
OFTEN = 3  # times a search was made before it is worth an alert


def _page(model: Any, page: str, *arguments: Any) -> str:
    return reverse(model.snippet_viewset.get_url_name(page), args=arguments)


def waiting_reviews() -> QuerySet[TaskState]:
    """Return what waits for a review among articles, the oldest first."""
    kind = ContentType.objects.get_for_model(Article)
    return TaskState.objects.filter(
        status=TaskState.STATUS_IN_PROGRESS,
        workflow_state__status=WorkflowState.STATUS_IN_PROGRESS,
        workflow_state__base_content_type=kind,
    ).order_by("started_at", "pk")


def often_missed() -> QuerySet[MissedSearch]:
    """Return the open searches that were made several times, those made most first."""
    return MissedSearch.objects.filter(closed_at=None, times__gte=OFTEN).order_by("-times", "pk")


@hooks.register("nourx_team_figures")
def figures_of_articles(request: HttpRequest) -> Iterator[TeamFigure]:
    """Count what waits for editors and reviewers."""
    if request.user.has_perm(REVIEWS):
        yield TeamFigure(
            label=_("Articles à relire"),
            value=waiting_reviews(),
            url=f"{_page(Article, 'list')}?situation=review",
            order=80,
            tone="warn",
            group="connaissances",
        )
    if request.user.has_perm(WRITES):
        yield TeamFigure(
            label=_("Questions sans réponse"),
            value=MissedSearch.objects.filter(closed_at=None),
            url=f"{_page(MissedSearch, 'list')}?state=open",
            order=81,
            group="connaissances",
        )
        yield TeamFigure(
            label=_("Articles à vérifier"),
            value=queries.to_check(timezone.now() - STALE).order_by(),
            url=reverse(ArticlesToCheck.url_name()),
            order=82,
            hint=_("depuis six mois"),
            group="connaissances",
        )


@hooks.register("nourx_team_alerts")
def alerts_of_articles(request: HttpRequest) -> Iterator[Alerts]:
    """Say which articles wait for a review, and what readers look for in vain."""
    if request.user.has_perm(REVIEWS):
        yield Alerts(
            kind="article-review",
            label=_("Articles à relire"),
            url=f"{_page(Article, 'list')}?situation=review",
            rows=_reviews,
            total=waiting_reviews(),
            order=80,
        )
    if request.user.has_perm(WRITES):
        yield Alerts(
            kind="missed-search",
            label=_("Questions sans réponse"),
            url=f"{_page(MissedSearch, 'list')}?state=open",
            rows=_misses,
            total=often_missed(),
            order=85,
        )


def _reviews(most: int) -> list[Alert]:
    rows = waiting_reviews().select_related("revision", "workflow_state__requested_by")
    return [
        Alert(
            key=f"article-review:{row.pk}",
            group="connaissances",
            title=row.revision.object_str,
            detail=str(row.workflow_state.requested_by or ""),
            url=_page(Article, "edit", row.workflow_state.object_id),
            weight=35,
            tone="now",
            since=timezone.localdate(row.started_at),
        )
        for row in rows[:most]
    ]


def _misses(most: int) -> list[Alert]:
    def times(row: MissedSearch) -> str:
        text = ngettext("cherché %(n)s fois", "cherché %(n)s fois", row.times)
        return text % {"n": row.times}

    return [
        Alert(
            key=f"missed-search:{row.pk}",
            group="connaissances",
            title=row.words,
            detail=times(row),
            url=_page(MissedSearch, "inspect", row.pk),
            weight=20,
            tone="",
            since=timezone.localdate(row.last_at),
        )
        for row in often_missed()[:most]
    ]


@hooks.register("nourx_search_sources")
def articles_found(request: HttpRequest) -> Iterator[SearchSource]:
    """Let the search of the back-office look into articles, drafts included."""
    if request.user.has_perm(READ):
        yield SearchSource(
            key="articles",
            label=_("Articles"),
            icon="help",
            find=_find,
            url=_page(Article, "list"),
            order=80,
        )


def _find(text: str, most: int) -> Sequence[SearchHit]:
    rows = Article.objects.select_related("category").only(
        "title", "audience", "live", "category__name"
    )
    for word in search_text(text).split()[:8]:
        rows = rows.filter(search_norm__contains=word)
    return [
        SearchHit(
            title=row.title,
            detail=f"{row.get_audience_display()} · {row.category or '—'}",
            url=_page(Article, "inspect", row.pk),
        )
        for row in rows.order_by("title")[:most]
    ]
