"""The base of the treasury's own pages."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin


class TreasuryPage(WagtailAdminTemplateMixin, TemplateView):
    """A page for whoever holds a right; anybody else is refused."""

    right = "treasury.view_settlement"
    header_icon = "table"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_perm(self.right):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


def may_view(request: HttpRequest) -> bool:
    """Tell whether the person may see the treasury."""
    return bool(request.user.has_perm(TreasuryPage.right))
