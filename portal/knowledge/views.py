"""The knowledge base as people read it: public, or with what clients may read as well."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from portal.knowledge import queries
from portal.knowledge.models import Article

MOST_FOUND = 50


def article_list(request: HttpRequest) -> HttpResponse:
    """List the articles by shelf, or those that a search finds."""
    words = request.GET.get("q", "").strip()[:100]
    rows = queries.search(request.user, words) if words else queries.readable_by(request.user)
    rows = rows.select_related("category").order_by("category__sort_order", "category_id", "title")
    context: dict[str, Any] = {"articles": rows[:MOST_FOUND], "words": words}
    return render(request, "portal/knowledge/article_list.html", context)


def article_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one article to whoever may read it."""
    article: Article = get_object_or_404(queries.readable_by(request.user), slug=slug)
    return render(request, "portal/knowledge/article.html", {"article": article})
