"""Reading the knowledge base in French: accents, plurals and endings do not matter."""

import difflib
import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVector
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from core.search import folded, search_text
from portal.knowledge.models import Article, ArticleAddress

FRENCH = "french"
MOST_WORDS = 12
SHORTEST = 3  # letters of a word that is worth suggesting by
MOST_SUGGESTED = 3
MOST_RELATED = 4
LIKENESS = 0.75  # from which a word is taken for a misspelling of another


def readable_by(user: Any, *, is_team: bool = False) -> QuerySet[Article]:
    """Return the live articles that a person may read.

    `is_team` says that this session is the team's: internal articles ask for what the admin
    asks for, a second factor included.
    """
    audiences = [Article.Audience.PUBLIC]
    if user.is_authenticated:
        audiences.append(Article.Audience.CLIENTS)
        if is_team and user.is_staff:
            audiences.append(Article.Audience.INTERNAL)
    return Article.objects.filter(live=True, audience__in=audiences)


def search(user: Any, words: str, *, is_team: bool = False) -> QuerySet[Article]:
    """Return the readable articles that hold every word, the nearest first."""
    rows = readable_by(user, is_team=is_team)
    sought = search_text(words).split()[:MOST_WORDS]
    terms = _words(words)
    if not sought or not terms:
        return rows.none()
    query = SearchQuery(
        " & ".join(_either(word) for word in terms), config=FRENCH, search_type="raw"
    )
    letters = Q()
    for word in sought:
        letters &= Q(search_norm__contains=word.rstrip("s") if len(word) > SHORTEST else word)
    return _ranked(rows, query).filter(Q(text=query) | letters).order_by("-rank", "title")


def suggestions(user: Any, sentence: str) -> list[Article]:
    """Return the few articles nearest to a sentence, such as the subject of a request."""
    sought = [word for word in _words(sentence) if len(word) >= SHORTEST]
    if not sought:
        return []
    query = SearchQuery(
        " | ".join(_either(word) for word in sought), config=FRENCH, search_type="raw"
    )
    rows = _ranked(readable_by(user), query).filter(text=query)
    return list(rows.order_by("-rank", "title").only("title", "slug")[:MOST_SUGGESTED])


def related_to(article: Article, user: Any, *, is_team: bool) -> list[Article]:
    """Return what else to read: articles of the same shelf, then those near its title."""
    rows = readable_by(user, is_team=is_team).exclude(pk=article.pk)
    words = [word for word in search_text(article.title).split() if len(word) >= SHORTEST]
    query = SearchQuery(
        " | ".join(words) or article.slug.replace("-", " | "), config=FRENCH, search_type="raw"
    )
    near = _ranked(rows, query)
    if article.category_id is not None:
        near = near.filter(Q(category_id=article.category_id) | Q(text=query))
    else:
        near = near.filter(text=query)
    return list(near.order_by("-rank", "title").only("title", "slug", "summary")[:MOST_RELATED])


@dataclass(frozen=True)
class FoundArticle:
    """An article for whoever answers a client: `may_be_sent` says that the client can read it."""

    pk: int
    title: str
    summary: str
    url: str
    may_be_sent: bool


def search_for_team(words: str, most: int = 8) -> list[FoundArticle]:
    """Return the live articles nearest to words, internal ones included. For the team.

    One query; an article that holds more of the words comes first.
    """
    rows = Article.objects.filter(live=True)
    sought = [word for word in _words(words) if len(word) >= SHORTEST]
    if not sought:
        return []
    near = SearchQuery(
        " | ".join(_either(word) for word in sought), config=FRENCH, search_type="raw"
    )
    found = _ranked(rows, near).filter(text=near).order_by("-rank", "title")
    return [found_article(row) for row in found.only("title", "slug", "summary", "audience")[:most]]


def found_article(article: Article) -> FoundArticle:
    """Return an article as whoever answers a client needs it."""
    return FoundArticle(
        pk=article.pk,
        title=article.title,
        summary=article.summary,
        url=article.get_absolute_url(),
        may_be_sent=article.audience != Article.Audience.INTERNAL,
    )


def formerly_at(slug: str) -> Article | None:
    """Return the article that had this address, when it left it."""
    rows = ArticleAddress.objects.select_related("article")
    address = rows.filter(slug=slug).first()
    return address.article if address else None


def to_check(before: datetime) -> QuerySet[Article]:
    """Return the live articles that nobody checked since a moment, the oldest first."""
    rows = Article.objects.filter(live=True).annotate(seen_at=Coalesce("checked_at", "updated_at"))
    return rows.filter(seen_at__lt=before).order_by("seen_at", "title")


def meant_by(user: Any, words: str) -> str:
    """Return the words as our articles write them, when some look misspelt; else nothing."""
    titles = readable_by(user).values_list("title", "summary")
    known = {word for texts in titles for word in search_text(*texts).split() if len(word) > 3}
    better = []
    for word in search_text(words).split()[:MOST_WORDS]:
        near = difflib.get_close_matches(word, known, n=1, cutoff=LIKENESS)
        better.append(near[0] if near else word)
    found = " ".join(better)
    return found if found != " ".join(search_text(words).split()) else ""


def _words(sentence: str) -> list[str]:
    """Return the words of a sentence with their accents, which the endings of French need."""
    whole = unicodedata.normalize("NFC", sentence.lower())
    found = [word for word in re.findall(r"[^\W_]+", whole) if search_text(word)]
    return found[:MOST_WORDS]


def _either(word: str) -> str:
    """Return a word of a search: its beginning as it is typed, or without its accents."""
    return f"({word}:* | {'&'.join(search_text(word).split())}:*)"


def _ranked(rows: QuerySet[Article], query: SearchQuery) -> Any:
    """Add the folded text of articles as PostgreSQL searches it, and how near each is."""
    vector = SearchVector(folded("title"), weight="A", config=FRENCH) + SearchVector(
        "search_norm", weight="C", config=FRENCH
    )
    return rows.annotate(text=vector, rank=SearchRank(vector, query))
