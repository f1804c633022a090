"""« Avis »: the notices of the person, the panel under the bell, and what they want to be told."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.generic import TemplateView, View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from core.notify.staff_events import (
    BELL,
    MAIL,
    label_of,
    off_of,
    save_staff_wishes,
    staff_events,
)
from core.notify.team_bell import notices_of, read_team_notices, unread_by_team

PER_PAGE = 50
MOST_IN_PANEL = 8
CHANNELS = (("bell", BELL), ("mail", MAIL))


class NoticesView(WagtailAdminTemplateMixin, TemplateView):
    """Every notice of the person, unread first to be found, filtered by kind."""

    template_name = "core/backoffice/notices.html"
    page_title = _("Avis")
    header_icon = "bell"
    help_slug = "confort"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        mine, asked = notices_of(self.request.user), self.request.GET
        kinds = sorted(set(mine.order_by().values_list("event", flat=True).distinct()))
        rows = mine.filter(read_at=None) if asked.get("etat") == "non-lus" else mine
        if asked.get("sujet") in kinds:
            rows = rows.filter(event=asked["sujet"])
        page = Paginator(rows, PER_PAGE).get_page(asked.get("p"))
        return super().get_context_data(
            page=page,
            kinds=[(kind, label_of(kind) or kind) for kind in kinds],
            kind=asked.get("sujet", ""),
            is_unread_only=asked.get("etat") == "non-lus",
            unread=unread_by_team(self.request.user),
            **kwargs,
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        count = read_team_notices(user=request.user, at=timezone.now())
        text = ngettext("%(n)s avis marqué lu.", "%(n)s avis marqués lus.", count)
        messages.success(request, text % {"n": count})
        return redirect("nourx_notices")


class OpenNoticeView(View):
    """Leads to what a notice is about, and marks it read."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        notice = get_object_or_404(notices_of(request.user), pk=pk)
        read_team_notices(user=request.user, pk=notice.pk, at=timezone.now())
        is_ours = url_has_allowed_host_and_scheme(notice.url, {request.get_host()})
        return redirect(notice.url if notice.url and is_ours else reverse("nourx_notices"))


class BellPanelView(View):
    """The newest notices, for the panel under the bell."""

    def get(self, request: HttpRequest) -> HttpResponse:
        context = {
            "notices": notices_of(request.user)[:MOST_IN_PANEL],
            "unread": unread_by_team(request.user),
        }
        return render(request, "core/backoffice/bell_panel.html", context)


class BellCountView(View):
    """How many notices are unread, for the bell of an open page."""

    def get(self, request: HttpRequest) -> JsonResponse:
        return JsonResponse({"unread": unread_by_team(request.user)})


class NoticeWishesView(WagtailAdminTemplateMixin, TemplateView):
    """What the person wants to be told of, under the bell and by mail."""

    template_name = "core/backoffice/notice_wishes.html"
    page_title = _("Ce dont je suis prévenu")
    header_icon = "bell"
    help_slug = "confort"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("nourx_notices"), "label": _("Avis")},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        off = off_of(self.request.user)
        rows = [
            {
                "name": name,
                "label": label,
                "bell": (name, BELL) not in off,
                "mail": (name, MAIL) not in off,
            }
            for name, label in _known_events(self.request.user)
        ]
        return super().get_context_data(rows=rows, **kwargs)

    def post(self, request: HttpRequest) -> HttpResponse:
        wishes = {
            (name, channel): f"{field}:{name}" in request.POST
            for name, _label in _known_events(request.user)
            for field, channel in CHANNELS
        }
        save_staff_wishes(user=request.user, wishes=wishes)
        messages.success(request, _text("Votre choix est enregistré."))
        return redirect("nourx_notice_wishes")


def _known_events(user: Any) -> list[tuple[str, str]]:
    """Return (name, label) of declared events, and of others that the person got once."""
    known = {name: str(event.label) for name, event in staff_events().items()}
    got = notices_of(user).order_by("event", "-created_at").distinct("event")
    for notice in got:
        known.setdefault(notice.event, _text("Comme : « %(text)s »") % {"text": notice.text})
    return sorted(known.items(), key=lambda one: one[1].casefold())
