"""What analysis adds to the back-office: its page, its entry in the menu, figures of the home."""

from typing import Any

from django.urls import path
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.permissions import register_permission_policy

from billing.analytics.models import ClientVisit
from billing.analytics.screens import figures  # noqa: F401  registers its hook
from billing.analytics.screens.page import AnalyticsPage, may_view
from core.access.policies import ClosedPolicy
from core.backoffice import menu

register_permission_policy(ClientVisit, ClosedPolicy(ClientVisit))


@hooks.register("register_admin_urls")
def addresses() -> list[Any]:
    """Give the address of the page."""
    return [path("facturation/analytics/", AnalyticsPage.as_view(), name="billing_analytics")]


menu.add_link(
    "facturation", _("Analyse"), "billing_analytics", icon="history", order=64, shown=may_view
)
