"""Small answers to the script of the ticket page: drafts, ready replies, articles as one types."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST
from wagtail import hooks

from core.access.row_guard import policy_of
from core.search import search_text
from portal.knowledge.models import Article
from portal.knowledge.queries import search as search_articles
from portal.support import services
from portal.support.canned import filled
from portal.support.models import MOST_CHARACTERS, CannedReply, Ticket
from portal.support.screens.page import blanks_of, link_to, writing_on

MOST_FOUND = 8


def _ticket(request: HttpRequest, pk: int) -> Ticket:
    """Return a ticket that the person may act upon, or refuse."""
    ticket = get_object_or_404(Ticket.objects.select_related("client", "opened_by"), pk=pk)
    if not policy_of(Ticket).user_has_permission_for_instance(request.user, "act", ticket):
        raise PermissionDenied
    return ticket


@require_POST
def keep_draft(request: HttpRequest, pk: int) -> JsonResponse:
    """Keep what is being written; answer who else is writing, and the last message to have come."""
    ticket = _ticket(request, pk)
    services.keep_draft(
        ticket=ticket,
        body=request.POST.get("body", "").replace("\0", "")[:MOST_CHARACTERS],
        is_internal="is_internal" in request.POST,
        actor=request.user,
        at=timezone.now(),
    )
    newest = ticket.messages.filter(is_internal=False).order_by("-pk").first()  # type: ignore[attr-defined]
    return JsonResponse(
        {"writing": writing_on(ticket, request.user), "newest": newest.pk if newest else 0}
    )


@require_GET
def find_replies(request: HttpRequest, pk: int) -> HttpResponse:
    """List the ready replies that hold some words, filled for a ticket, most used first."""
    ticket = _ticket(request, pk)
    rows = policy_of(CannedReply).narrow(request.user, CannedReply.objects.all())
    for word in search_text(request.GET.get("q", "")[:100]).split()[:5]:
        rows = rows.filter(search_norm__contains=word)
    language = getattr(ticket.opened_by, "language", "fr")
    found = sorted(
        rows.order_by("-used", "title")[: MOST_FOUND * 2], key=lambda row: row.language != language
    )
    blanks = blanks_of(ticket, request.user)
    items = [
        {
            "label": row.title,
            "hint": row.get_language_display(),
            "text": filled(row.body, blanks),
            "url": f"?reponse={row.pk}#repondre",
        }
        for row in found[:MOST_FOUND]
    ]
    return _list(request, items, ticket)


@require_GET
def find_articles(request: HttpRequest, pk: int) -> HttpResponse:
    """List the live articles that hold some words, internal ones to join, others to insert."""
    ticket = _ticket(request, pk)
    words = request.GET.get("q", "").replace("\0", "")[:100] or ticket.subject
    rows = search_articles(request.user, words, is_team=True)
    items = [
        {
            "label": row.title,
            "hint": row.get_audience_display(),
            "text": "" if row.audience == Article.Audience.INTERNAL else link_to(row),
            "url": ""
            if row.audience == Article.Audience.INTERNAL
            else f"?article={row.pk}#repondre",
            "article": row.pk,
        }
        for row in rows[:MOST_FOUND]
    ]
    return _list(request, items, ticket)


def _list(request: HttpRequest, items: list[dict[str, Any]], ticket: Ticket) -> HttpResponse:
    context = {"items": items, "ticket": ticket}
    return render(request, "portal/support/backoffice/parts/found.html", context)


@require_POST
def change_articles(request: HttpRequest, pk: int) -> HttpResponse:
    """Join an article to a ticket, or take one off."""
    ticket = _ticket(request, pk)
    key = request.POST.get("article", "")
    if not key.isdecimal() or len(key) > 9:
        raise Http404
    if request.POST.get("act") == "off":
        services.unlink_article(ticket=ticket, article_id=int(key), actor=request.user)
    else:
        article = get_object_or_404(Article, pk=key, live=True)
        services.link_article(ticket=ticket, article=article, actor=request.user)
    return redirect(reverse("wagtailsnippets_support_ticket:inspect", args=[pk]) + "#articles")


@hooks.register("register_admin_urls")
def fragment_addresses() -> list[Any]:
    return [
        path("demandes/<int:pk>/brouillon/", keep_draft, name="support_draft"),
        path("demandes/<int:pk>/reponses/", find_replies, name="support_replies"),
        path("demandes/<int:pk>/articles/", find_articles, name="support_articles"),
        path("demandes/<int:pk>/joindre/", change_articles, name="support_join"),
    ]
