"""The centre: what a person was told, what they have not opened yet."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from core.access.views import ScopedActionView, ScopedListView, ScopedTemplateView
from core.notify import queries, services
from core.notify.models import Notification
from core.notify.unread import unread_count


class NoticesView(ScopedListView):
    """The notices of a person by day: all, or those not opened; of all events, or of a group."""

    model = Notification
    template_name = "core/notify/notices.html"
    nav_key = "notifications"
    paginate_by = 30

    def get_queryset(self) -> Any:
        asked = self.request.GET
        return queries.narrowed(
            queries.notices_of(self.request.user),
            show=asked.get("voir", ""),
            group=asked.get("groupe", ""),
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        show, group = self.request.GET.get("voir", ""), self.request.GET.get("groupe", "")
        context.update(
            days=queries.by_day(context["page_obj"].object_list, now=timezone.now()),
            tabs=self._tabs(group),
            current_tab=queries.UNREAD if show == queries.UNREAD else "",
            groups=queries.groups_of(self.request.user),
            group=group,
            show=show,
        )
        return context

    def _tabs(self, group: str) -> list[dict[str, Any]]:
        page = reverse("notifications")
        rest = f"&groupe={group}" if group in queries.groups_of(self.request.user) else ""
        unread = unread_count(self.request.user)
        return [
            {"key": "", "label": _("Toutes"), "url": f"{page}?{rest.removeprefix('&')}"},
            {
                "key": queries.UNREAD,
                "label": _("Non lues"),
                "url": f"{page}?voir={queries.UNREAD}{rest}",
                "count": unread,
            },
        ]


class BellView(ScopedTemplateView):
    """The bell alone, asked again by open pages when something is new."""

    template_name = "components/bell.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(unread=unread_count(self.request.user), **kwargs)


class NoticeView(ScopedActionView):
    """Leads to what a notice is about, and marks it read."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        notice = self.visible_or_404(Notification, pk=pk, user=request.user)
        services.open_notice(notice=notice, at=timezone.now())
        is_ours = url_has_allowed_host_and_scheme(notice.url, allowed_hosts=None)
        return redirect(notice.url if notice.url and is_ours else "notifications")


class ReadAllView(ScopedActionView):
    """Marks every notice read."""

    def post(self, request: HttpRequest) -> HttpResponse:
        if services.read_all_notices(user=request.user, at=timezone.now()):
            messages.success(request, _("Toutes vos notifications sont lues."))
        return redirect("notifications")
