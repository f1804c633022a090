"""The guide in the back-office: its pages, its pictures, its search."""

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.urls import path, re_path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from core.backoffice import guide

A_WEEK = 7 * 24 * 3600  # seconds


class GuideView(WagtailAdminTemplateMixin, TemplateView):
    """A page of the guide, the table of contents, or what a search found."""

    template_name = "core/backoffice/guide.html"
    header_icon = "help"

    def get_page_title(self) -> Any:
        return self.page.title if self.page else gettext_lazy("Aide")

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.page = guide.page_of(kwargs.get("slug", guide.CONTENTS))

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.page is None:
            raise Http404(_("Cette page du guide n’existe pas."))
        return super().get(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        index = {"url": reverse("nourx_help_index"), "label": _("Aide")}
        here = {"url": "", "label": self.get_page_title()}
        return [*self.breadcrumbs_items, index, *([here] if "slug" in self.kwargs else [])]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        text = self.request.GET.get("q", "")[:100]
        return super().get_context_data(
            page=self.page, pages=guide.pages(), text=text, found=guide.search(text), **kwargs
        )


def picture(request: HttpRequest, name: str) -> HttpResponseBase:
    """Hand over a picture of the guide to somebody of the team."""
    file = guide.IMAGES / name
    if not file.is_file():
        raise Http404
    response = FileResponse(file.open("rb"), content_type="image/png")
    response["Cache-Control"] = f"private, max-age={A_WEEK}"
    return response


@hooks.register("register_admin_urls")
def guide_addresses() -> list[Any]:
    return [
        path("aide/", GuideView.as_view(), name="nourx_help_index"),
        re_path(r"^aide/images/(?P<name>[a-z0-9-]+\.png)$", picture, name="nourx_help_image"),
        path("aide/<slug:slug>/", GuideView.as_view(), name="nourx_help"),
    ]


@hooks.register("register_admin_menu_item")
def guide_entry() -> MenuItem:
    return MenuItem(
        gettext_lazy("Guide"),
        reverse("nourx_help_index"),
        name="nourx-guide",
        icon_name="help",
        order=20_000,
    )
