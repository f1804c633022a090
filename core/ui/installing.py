"""What makes the portal an app on a phone: its manifest, its service worker, its page offline."""

import hashlib

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control

from core import hooks

ICONS = (
    ("nourx/icon-192.png", "192x192", "any"),
    ("nourx/icon-512.png", "512x512", "any"),
    ("nourx/icon-maskable-512.png", "512x512", "maskable"),
)


def offline(request: HttpRequest) -> HttpResponse:
    """Show the page that the service worker keeps for when there is no network."""
    return render(request, "offline.html")


@cache_control(max_age=3600)
def manifest(request: HttpRequest) -> JsonResponse:
    """Say what the portal is called and looks like once installed."""
    brand = hooks.brand(request)
    name = brand.name if brand else "NOURX"
    shortcuts = [(_("Factures"), "/client/factures/"), (_("Support"), "/client/support/tickets/")]
    return JsonResponse(
        {
            "id": "/client/",
            "name": _("%(name)s, espace client") % {"name": name},
            "short_name": name[:12],
            "lang": "fr",
            "start_url": "/client/",
            "scope": "/",
            "display": "standalone",
            "background_color": "#ffffff",
            "theme_color": "#0a0a0a",
            "icons": [
                {"src": static(path), "sizes": sizes, "type": "image/png", "purpose": purpose}
                for path, sizes, purpose in ICONS
            ],
            "shortcuts": [{"name": label, "url": url} for label, url in shortcuts],
        },
        content_type="application/manifest+json",
    )


@cache_control(no_cache=True)
def service_worker(request: HttpRequest) -> HttpResponse:
    """Give the service worker, at the root so that it answers for the whole site."""
    kept = [
        reverse("ui:offline"),
        static("nourx/portal.css"),
        static("nourx/nourx.js"),
        static("nourx/proofs.js"),
        static("nourx/nourx-sans.woff2"),
        static("nourx/icon.svg"),
    ]
    version = hashlib.sha256("\n".join(kept).encode()).hexdigest()[:12]
    context = {"kept": kept, "offline_url": kept[0], "version": version}
    return render(request, "service_worker.js", context, content_type="text/javascript")
