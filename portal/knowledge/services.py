"""What readers tell of the knowledge base, and what becomes of articles once they are public."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from core import rls
from core.audit.log import record
from core.search import search_text
from portal.knowledge.models import Article, ArticleAddress, ArticleVote, MissedSearch

MOST_MISSED = 5000  # different searches kept
SHORTEST_SEARCH = 3


@transaction.atomic
def vote(
    *, article: Article, reader: str, is_helpful: bool, comment: str, at: datetime
) -> ArticleVote:
    """Keep what a reader says of an article; a second time replaces the first."""
    with rls.staff("knowledge: what readers say is the team's, whoever reads"):
        return ArticleVote.objects.update_or_create(
            article=article,
            reader=reader,
            defaults={"is_helpful": is_helpful, "comment": comment, "voted_at": at},
        )[0]


def vote_of(article: Article, reader: str) -> ArticleVote | None:
    """Return what a reader said of an article."""
    with rls.staff("knowledge: what this very reader said"):
        return ArticleVote.objects.filter(article=article, reader=reader).first()


@transaction.atomic
def note_missed_search(*, words: str, at: datetime) -> None:
    """Count a search that found nothing. Nobody is named, and only so many are kept.

    One that was dealt with is open again: it still finds nothing.
    """
    folded_words = search_text(words)[:100]
    if len(folded_words) < SHORTEST_SEARCH:
        return
    with rls.staff("knowledge: what readers miss is the team's, whoever reads"):
        rows = MissedSearch.objects.filter(words=folded_words)
        if rows.update(times=F("times") + 1, last_at=at, closed_at=None, answer=None):
            return
        if MissedSearch.objects.count() < MOST_MISSED:
            MissedSearch.objects.get_or_create(words=folded_words, defaults={"last_at": at})


@transaction.atomic
def close_search(*, search: MissedSearch, answer: Article | None, actor: Any, at: datetime) -> None:
    """Say that a search without result is dealt with, by an article or because it needs none."""
    search = MissedSearch.objects.select_for_update().get(pk=search.pk)
    search.closed_at, search.answer = at, answer
    search.save(update_fields=["closed_at", "answer"])
    record("missed_search_closed", search, actor=actor, answer=answer.pk if answer else None)


@transaction.atomic
def mark_checked(*, article: Article, actor: Any, at: datetime) -> None:
    """Say that an article was read again and still holds."""
    Article.objects.filter(pk=article.pk).update(checked_at=at)
    record("article_checked", article, actor=actor)


@transaction.atomic
def note_published(*, article: Article, at: datetime) -> int:
    """Take a published article as checked; return how many searches it answers from now on.

    A search is answered when the article holds each of its words, and clients may read it.
    """
    Article.objects.filter(pk=article.pk).update(checked_at=at)
    if article.audience == Article.Audience.INTERNAL:
        return 0
    words = set(article.search_norm.split())
    open_ones = MissedSearch.objects.filter(closed_at=None).values_list("pk", "words")
    found = [pk for pk, sought in open_ones if set(sought.split()) <= words]
    return MissedSearch.objects.filter(pk__in=found).update(closed_at=at, answer=article)


@transaction.atomic
def keep_address(*, article: Article, former: str, at: datetime) -> None:
    """Keep an address that an article leaves; one that it takes up again is no longer former."""
    ArticleAddress.objects.filter(slug=article.slug).delete()
    ArticleAddress.objects.update_or_create(
        slug=former, defaults={"article": article, "left_at": at}
    )
