"""What the public site adds elsewhere: the legal pages, at the foot of every public page."""

from django.core.cache import cache
from django.db.models import Model
from django.http import HttpRequest
from wagtail import hooks
from wagtail.signals import page_published, page_slug_changed, page_unpublished

from core.hooks import Link
from home.models import StandardPage

CACHE_KEY = "legal-pages"
KEPT_SECONDS = 3600


@hooks.register("nourx_footer_links")
def legal_pages(request: HttpRequest) -> list[Link]:
    """Give the plain pages that are in the menus, in the order of the page tree."""
    found = cache.get(CACHE_KEY)
    if found is None:
        rows = StandardPage.objects.live().public().in_menu().order_by("path")
        found = [(page.title, page.get_url() or "") for page in rows]
        cache.set(CACHE_KEY, found, KEPT_SECONDS)
    return [Link(label=title, url=url) for title, url in found]


def forget_legal_pages(sender: type[Model], **_: object) -> None:
    """Read the legal pages again: one of them has just changed."""
    cache.delete(CACHE_KEY)


for signal in (page_published, page_unpublished, page_slug_changed):
    signal.connect(forget_legal_pages, dispatch_uid="nourx-legal-pages")
