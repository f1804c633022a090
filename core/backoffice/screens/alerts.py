"""Alerts of today: all of them, putting one off, and the part of the home page that looks again."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST
from django.views.generic import TemplateView
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.permissions import register_permission_policy

from core.access.policies import ClosedPolicy
from core.audit.log import declare
from core.backoffice import alerts
from core.backoffice.home import alert_rows, today_context
from core.backoffice.models import AlertFollowUp, AlertSnooze
from core.ui.formats import date_weekday

for _model in (AlertFollowUp, AlertSnooze):
    register_permission_policy(_model, ClosedPolicy(_model))

declare(alert_followed_up=gettext_lazy("Tâche créée depuis une alerte"))

MOST_OF_KIND = 50


class AlertsPage(WagtailAdminTemplateMixin, TemplateView):
    """Every alert that the person may read: by kind, in an order, with those put off."""

    template_name = "core/backoffice/alerts.html"
    page_title = gettext_lazy("Alertes")
    header_icon = "warning"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = self.request.GET
        order = asked.get("ordre", "")
        order = order if order in alerts.ORDERS else alerts.URGENCY
        kind, with_snoozed = asked.get("sorte", ""), asked.get("reportees") == "1"
        today = alerts.todays_alerts(
            self.request,
            at=timezone.localtime(),
            most=MOST_OF_KIND,
            order=order,
            kind=kind,
            with_snoozed=with_snoozed,
        )
        return super().get_context_data(
            today=today,
            alerts=alert_rows(self.request, today.rows),
            order=order,
            orders=alerts.ORDERS,
            delays=alerts.DELAY_WORDS,
            kind=kind,
            with_snoozed=with_snoozed,
            here=self.request.get_full_path(),
            **kwargs,
        )


@require_GET
def look_again(request: HttpRequest) -> HttpResponse:
    """Answer the lower half of the home page as it is now."""
    return TemplateResponse(request, "core/backoffice/today.html", today_context(request))


@require_POST
def put_off(request: HttpRequest) -> HttpResponse:
    """Put an alert off for the person, or show it again."""
    key, delay = request.POST.get("alerte", ""), request.POST.get("delai", "")
    if delay == "maintenant":
        alerts.wake(user=request.user, key=key)
        messages.success(request, _("L’alerte est de nouveau montrée."))
        return _back(request)
    try:
        until = alerts.snooze(user=request.user, key=key, delay=delay, at=timezone.localtime())
    except alerts.CannotSnooze:
        messages.error(request, _("Rien n’est reporté : choisissez un délai de la liste."))
        return _back(request)
    text = _("Alerte reportée pour vous : elle revient %(day)s si elle est encore vraie.")
    messages.success(request, text % {"day": date_weekday(until)})
    return _back(request)


def _back(request: HttpRequest) -> HttpResponse:
    page = request.POST.get("retour", "")
    is_ours = url_has_allowed_host_and_scheme(page, allowed_hosts={request.get_host()})
    return redirect(page if is_ours and page.startswith("/") else "wagtailadmin_home")


@hooks.register("register_admin_urls")
def alert_addresses() -> list[Any]:
    return [
        path("alertes/", AlertsPage.as_view(), name="nourx_alerts"),
        path("alertes/reporter/", put_off, name="nourx_alert_put_off"),
        path("accueil/vivant/", look_again, name="nourx_home_again"),
    ]
