"""What readers tell of the knowledge base: whether an article helped, what they did not find."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from core import rls
from core.search import search_text
from portal.knowledge.models import Article, ArticleVote, MissedSearch

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
    """Count a search that found nothing. Nobody is named, and only so many are kept."""
    folded_words = search_text(words)[:100]
    if len(folded_words) < SHORTEST_SEARCH:
        return
    with rls.staff("knowledge: what readers miss is the team's, whoever reads"):
        rows = MissedSearch.objects.filter(words=folded_words)
        if rows.update(times=F("times") + 1, last_at=at):
            return
        if MissedSearch.objects.count() < MOST_MISSED:
            MissedSearch.objects.get_or_create(words=folded_words, defaults={"last_at": at})
