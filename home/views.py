"""What search engines ask for: the list of public pages, and what to leave alone."""

from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page, Site

from home.models import public_url
from portal.knowledge.models import Article

CLOSED = (
    "/admin/",
    "/api/",
    "/client/",
    "/connexion/par-mail/",
    "/connexion/confirmer/",
    "/espace/",
    "/invitation/",
    "/mot-de-passe/",
    "/p/",
    "/partage/",
    "/portail/",
)


def sitemap(request: HttpRequest) -> HttpResponse:
    """List the public pages and the public articles, each with its last change."""
    home = reverse("knowledge:list")
    entries: list[tuple[str, datetime | None]] = [*_pages(), (settings.BASE_URL + home, None)]
    articles = Article.objects.filter(live=True, audience=Article.Audience.PUBLIC)
    for article in articles.only("slug", "updated_at").order_by("slug"):
        entries.append((settings.BASE_URL + article.get_absolute_url(), article.updated_at))
    rows = [(url, timezone.localdate(at).isoformat() if at else "") for url, at in entries]
    return render(request, "home/sitemap.xml", {"rows": rows}, content_type="application/xml")


def robots(request: HttpRequest) -> HttpResponse:
    """Say that the client area and the back-office are nobody's to index."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in CLOSED), ""]
    lines.append(f"Sitemap: {settings.BASE_URL}{reverse('sitemap')}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def _pages() -> list[tuple[str, datetime | None]]:
    """Return the live pages that everybody may read, with their last publication."""
    site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
    if site is None:
        return []
    pages = Page.objects.live().public().descendant_of(site.root_page, inclusive=True)
    return [(public_url(page), page.last_published_at) for page in pages.order_by("path")]
