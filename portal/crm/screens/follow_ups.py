"""Follow-ups of today: one page, one click each."""

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.functional import cached_property
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets.button import HeaderButton

from core.access.row_guard import policy_of
from portal.crm import services
from portal.crm.models import Opportunity

DONE = "relance-faite"
FOLLOW_UPS = {
    DONE: _("Faite"),
    "relance-demain": _("Demain"),
    "relance-semaine": _("Dans 7 jours"),
}
DELAYS = {"relance-demain": 1, "relance-semaine": 7}
MOST_ROWS = 100
AHEAD = timedelta(days=7)


def act_on_follow_up(row: Opportunity, act: str, *, due: str, actor: Any) -> None:
    """Say that a follow-up was made, or put it off by some days: one click.

    :raises services.FollowUpRefused: if it is not there any more.
    """
    today, at = timezone.localdate(), timezone.now()
    seen = _day(due)
    if act == DONE:
        services.finish_follow_up(opportunity=row, actor=actor, at=at, on=today, due=seen)
        return
    to = today + timedelta(days=DELAYS[act])
    services.postpone_follow_up(opportunity=row, to=to, actor=actor, at=at, on=today, due=seen)


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


class FollowUpsPage(WagtailAdminTemplateMixin, TemplateView):
    """What to call back: late, today, and the seven days to come."""

    model = Opportunity
    permission = "view"
    page_title = _("Relances commerciales")
    header_icon = "date"
    template_name = "portal/crm/follow_ups.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not policy_of(self.model).user_has_permission(request.user, self.permission):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]

    @cached_property
    def header_buttons(self) -> list[Any]:
        url = reverse("crm_pipeline")
        return [HeaderButton(str(_("Pipeline")), url=url, icon_name="table", priority=10)]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not policy_of(self.model).user_has_permission(request.user, "change"):
            raise PermissionDenied
        row, act = self._row(request.POST.get("card", "")), request.POST.get("to", "")
        if act not in FOLLOW_UPS:
            raise Http404
        try:
            act_on_follow_up(row, act, due=request.POST.get("due", ""), actor=request.user)
        except services.FollowUpRefused as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, _text("C’est noté pour « %s ».") % row.title)
        return redirect(request.get_full_path())

    def _row(self, key: str) -> Opportunity:
        if not key.isdecimal() or len(key) > 18:
            raise Http404
        row = Opportunity.objects.filter(pk=key).first()
        if row is None:
            raise Http404
        return row

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = timezone.localdate()
        mine = self.request.GET.get("a") == "moi"
        rows = Opportunity.objects.open().filter(follow_up_date__lte=today + AHEAD)
        if mine:
            rows = rows.filter(owner=self.request.user)
        found = list(_read(rows)[: MOST_ROWS + 1])
        shown = found[:MOST_ROWS]
        groups = [
            (_("En retard"), "bad", [row for row in shown if row.follow_up_date < today]),
            (_("Aujourd’hui"), "warn", [row for row in shown if row.follow_up_date == today]),
            (_("Dans les sept jours"), "", [row for row in shown if row.follow_up_date > today]),
        ]
        return super().get_context_data(
            groups=[group for group in groups if group[2]],
            is_mine=mine,
            is_cut=len(found) > MOST_ROWS,
            acts=FOLLOW_UPS,
            today=today,
            may_change=self.request.user.has_perm("crm.change_opportunity"),
            **kwargs,
        )


def _read(rows: QuerySet[Opportunity]) -> QuerySet[Opportunity]:
    rows = rows.select_related("client", "owner", "stage").order_by("follow_up_date", "pk")
    return rows.defer("client__search_vector", "client__search_norm", "search_vector", "need")
