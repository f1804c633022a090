"""« Mes exports »: what a person asked for, how far each is, and its file while it is kept."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.storage import storages
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView, View
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from core.backoffice.list_exports import may_still_read
from core.desk import services
from core.desk.models import ListExport

MOST_SHOWN = 100
REFRESH = "3"  # seconds between two looks at an export under way


def exports_of(user: Any) -> QuerySet[ListExport]:
    """Return the exports of a person, newest first; nobody else sees them."""
    return ListExport.objects.filter(user=user).order_by("-asked_at", "-pk")


class MyExportsView(WagtailAdminTemplateMixin, TemplateView):
    """Every export of the person."""

    template_name = "core/backoffice/exports.html"
    page_title = _("Mes exports")
    header_icon = "download"
    help_slug = "confort"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        exports = list(exports_of(self.request.user)[:MOST_SHOWN])
        return super().get_context_data(exports=exports, now=timezone.now(), **kwargs)

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        response = super().render_to_response(context, **kwargs)
        if any(export.is_under_way for export in context["exports"]):
            response["Refresh"] = REFRESH
        return response


class ExportView(MyExportsView):
    """The page of one export; it looks again by itself until the file is ready."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        one = get_object_or_404(exports_of(self.request.user), token=self.kwargs["token"])
        context = WagtailAdminTemplateMixin.get_context_data(self, **kwargs)
        return {**context, "exports": [one], "now": timezone.now(), "is_alone": True}

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("nourx_exports"), "label": _("Mes exports")},
        ]


class CancelExportView(View):
    """Stops an export that is under way."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, token: UUID) -> HttpResponse:
        export = get_object_or_404(exports_of(request.user), token=token)
        if services.cancel_list_export(export=export, actor=request.user, at=timezone.now()):
            messages.success(request, _text("Export annulé."))
        else:
            messages.info(request, _text("Cet export était déjà fini."))
        return redirect("nourx_exports")


class DownloadExportView(View):
    """Hands the file to whoever asked for it, while they may still read the list."""

    def get(self, request: HttpRequest, token: UUID) -> HttpResponseBase:
        export = get_object_or_404(exports_of(request.user).exclude(key=""), token=token)
        if export.expires_at is None or export.expires_at <= timezone.now():
            raise Http404
        if not may_still_read(export):
            raise PermissionDenied
        services.record_list_download(export=export, actor=request.user)
        stream = storages["private"].open(export.key)
        answer = FileResponse(
            stream, as_attachment=True, filename=export.name, content_type=export.content_type
        )
        answer["Cache-Control"] = "private, no-store"
        return answer
