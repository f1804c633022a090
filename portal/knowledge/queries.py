"""Reading the knowledge base in French: accents and plurals do not matter."""

from typing import Any

from django.db.models import Q, QuerySet

from core.search import search_text
from portal.knowledge.models import Article


def readable_by(user: Any) -> QuerySet[Article]:
    """Return the live articles that a person may read."""
    audiences = [Article.Audience.PUBLIC]
    if user.is_authenticated:
        audiences.append(Article.Audience.CLIENTS)
        if user.is_staff:
            audiences.append(Article.Audience.INTERNAL)
    return Article.objects.filter(live=True, audience__in=audiences)


def search(user: Any, words: str) -> QuerySet[Article]:
    """Return the readable articles that hold every word, whatever its accents and plural."""
    rows = readable_by(user)
    for word in search_text(words).split()[:8]:
        rows = rows.filter(Q(search_norm__contains=word.rstrip("s") if len(word) > 3 else word))
    return rows
