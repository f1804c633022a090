"""The knowledge base as people read it: public, or with what clients may read as well."""

import secrets
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from core.accounts.middleware import is_team_session
from core.throttle import address_of, is_too_often
from portal.knowledge import queries, services
from portal.knowledge.contents import body_and_contents
from portal.knowledge.forms import VoteForm
from portal.knowledge.models import Article

MOST_FOUND = 50
MOST_VOTES, WHILE = 20, 60  # of one network address, within so many seconds
COOKIE, SALT = "nourx-lecteur", "nourx.knowledge.reader"
COOKIE_SECONDS = 60 * 60 * 24 * 365


def article_list(request: HttpRequest) -> HttpResponse:
    """List the articles by shelf, or those that a search finds."""
    words = request.GET.get("q", "").replace("\0", "").strip()[:100]
    context: dict[str, Any] = {"words": words, "page_url": _page_url(reverse("knowledge:list"))}
    is_team = is_team_session(request)
    if words:
        found = queries.search(request.user, words, is_team=is_team).select_related("category")
        context["found"] = list(found[:MOST_FOUND])
        if not context["found"]:
            services.note_missed_search(words=words, at=timezone.now())
            context["meant"] = queries.meant_by(request.user, words)
    else:
        rows = queries.readable_by(request.user, is_team=is_team).select_related("category")
        ordered = rows.order_by("category__sort_order", "category__name", "title")
        context["articles"] = ordered.defer("body", "search_norm")
    return render(request, "portal/knowledge/article_list.html", context)


def article_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one article to whoever may read it; its former addresses lead to it for good."""
    rows = queries.readable_by(request.user, is_team=is_team_session(request))
    found = rows.select_related("category").filter(slug=slug).first()
    if found is None:
        moved = queries.formerly_at(slug)
        if moved is not None and rows.filter(pk=moved.pk).exists():
            return redirect(moved, permanent=moved.audience == Article.Audience.PUBLIC)
        raise Http404
    article: Article = found
    body, contents = body_and_contents(article.body)
    context = {
        "article": article,
        "body": body,
        "contents": contents,
        "related": queries.related_to(article, request.user, is_team=is_team_session(request)),
        "vote": services.vote_of(article, _reader(request)) if _reader(request) else None,
        "page_url": _page_url(article.get_absolute_url()),
        "is_public": article.audience == Article.Audience.PUBLIC,
    }
    return render(request, "portal/knowledge/article.html", context)


@require_POST
def article_vote(request: HttpRequest, slug: str) -> HttpResponse:
    """Take what a reader says of an article they may read."""
    article, form = _article(request, slug), VoteForm(request.POST)
    answer = redirect(article.get_absolute_url() + "#avis")
    if not form.is_valid():
        messages.error(request, _("Votre avis n’a pas été compris, ou dépasse 1 000 caractères."))
        return answer
    key = f"article-votes:{address_of(request)}"
    if is_too_often(key, most=MOST_VOTES, seconds=WHILE):
        messages.error(request, _("Trop d’avis à la fois. Réessayez dans une minute."))
        return answer
    reader = _reader(request) or f"lecteur:{secrets.token_urlsafe(16)}"
    services.vote(
        article=article,
        reader=reader,
        is_helpful=form.cleaned_data["helpful"],
        comment=form.cleaned_data["comment"],
        at=timezone.now(),
    )
    if not request.user.is_authenticated:
        answer.set_signed_cookie(
            COOKIE,
            reader,
            salt=SALT,
            max_age=COOKIE_SECONDS,
            httponly=True,
            secure=settings.SESSION_COOKIE_SECURE,
            samesite="Lax",
        )
    return answer


def _article(request: HttpRequest, slug: str) -> Article:
    rows = queries.readable_by(request.user, is_team=is_team_session(request))
    article: Article = get_object_or_404(rows.select_related("category"), slug=slug)
    return article


def _reader(request: HttpRequest) -> str:
    """Return who reads: an account, or a browser that gave its opinion once; nothing else."""
    if request.user.is_authenticated:
        return f"compte:{request.user.pk}"
    return request.get_signed_cookie(COOKIE, "", salt=SALT, max_age=COOKIE_SECONDS) or ""


def _page_url(path: str) -> str:
    return settings.BASE_URL + path
