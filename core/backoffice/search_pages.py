"""The search of the whole back-office: a page, and the part of it that the palette shows."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView, View
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from core.backoffice.finding import find

LONGEST = 100  # characters that are looked at
MOST_IN_PAGE, MOST_IN_PALETTE = 20, 5


def asked_of(request: HttpRequest) -> str:
    """Return what is looked for."""
    return request.GET.get("q", "").replace("\0", "").strip()[:LONGEST]


class SearchView(WagtailAdminTemplateMixin, TemplateView):
    """Everything found, kind by kind; it works without script."""

    template_name = "core/backoffice/search.html"
    page_title = _("Recherche")
    header_icon = "search"
    help_slug = "confort"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        text = asked_of(self.request)
        found = find(self.request, text, most=MOST_IN_PAGE) if text else []
        return super().get_context_data(q=text, found=found, **kwargs)


class PaletteView(View):
    """What the palette shows for what is typed so far."""

    def get(self, request: HttpRequest) -> HttpResponse:
        text = asked_of(request)
        found = find(request, text, most=MOST_IN_PALETTE)
        context = {"found": found, "q": text, "total": sum(len(one.hits) for one in found)}
        answer = render(request, "core/backoffice/palette_results.html", context)
        answer["Cache-Control"] = "private, no-store"
        return answer
