"""Pages where a client reads the documents of projects."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.access.grants import grants_of
from core.access.roles import Grant
from core.access.views import ClientPageMixin, ScopedActionView, ScopedTemplateView
from core.files.links import download_response
from portal.documents import queries, services
from portal.documents.forms import DepositForm
from portal.documents.models import DocumentRequest, DocumentVersion

MOST_ASKED = 100


class DocumentPageMixin(ClientPageMixin):
    """A page on documents: open to whoever follows projects."""

    grant = Grant.VIEW_PROJECTS
    nav_key = "documents"

    def is_open(self) -> bool:
        return super().is_open() or bool(grants_of(self.request.user).projects)


class DocumentListView(DocumentPageMixin, ScopedTemplateView):
    """What was shared with the client, project by project, and what we wait for."""

    template_name = "portal/documents/document_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        chosen = self.request.GET.get("projet", "")
        project_id = int(chosen) if chosen.isdecimal() and len(chosen) < 19 else None
        requests = self.visible(DocumentRequest).filter(fulfilled_at=None)
        if project_id is not None:
            requests = requests.filter(project_id=project_id)
        requests = requests.select_related("project").order_by("due_date", "id")
        return super().get_context_data(
            folders=queries.folders_of(self.request.user, project_id),
            requests=list(requests[:MOST_ASKED]),
            is_filtered=project_id is not None,
            may_hand_in=queries.open_to_deposits(self.request.user).exists(),
            **kwargs,
        )


class HandInView(DocumentPageMixin, ScopedActionView):
    """Hand a document in to a project that takes deposits."""

    grant = Grant.TAKE_PART

    def is_open(self) -> bool:
        return bool(grants_of(self.request.user).clients_with(self.grant))

    def get(self, request: HttpRequest) -> HttpResponse:
        asked = self._asked()
        initial = {"project": asked.project_id, "title": asked.title} if asked else {}
        return self._page(DepositForm(user=request.user, initial=initial))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = DepositForm(request.POST, request.FILES, user=request.user)
        if not form.is_valid():
            return self._page(form, status=422)
        data = form.cleaned_data
        try:
            services.hand_in(
                project=data["project"],
                title=data["title"],
                upload=data["file"],
                answers=self._asked(),
                actor=request.user,
                at=timezone.now(),
            )
        except ValidationError as refusal:
            form.add_error(None, refusal.messages[0])
            return self._page(form, status=422)
        messages.success(request, _("Document reçu, merci."))
        return redirect("documents:list")

    def _asked(self) -> DocumentRequest | None:
        """Return the request that the address names, if it still waits."""
        pk = self.request.GET.get("demande", "")
        if not (pk.isdecimal() and len(pk) < 19):
            return None
        return self.visible(DocumentRequest).filter(pk=int(pk), fulfilled_at=None).first()

    def _page(self, form: DepositForm, status: int = 200) -> HttpResponse:
        projects = form.fields["project"].queryset  # type: ignore[attr-defined]
        context = {"form": form, "takes_deposits": projects.exists(), "nav_key": self.nav_key}
        return render(self.request, "portal/documents/hand_in.html", context, status=status)


class DownloadView(DocumentPageMixin, ScopedActionView):
    """Hand over one version of a document."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, pk: int, number: int) -> HttpResponseBase:
        versions = self.visible(DocumentVersion).select_related("file")
        version = get_object_or_404(versions, document_id=pk, number=number)
        inline = request.GET.get("voir") == "1"
        return download_response(request, version.file, inline=inline)
