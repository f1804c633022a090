"""The page of a document that we ask for."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.access.grants import may
from core.access.roles import Grant
from core.access.views import OnceOnlyMixin, ScopedActionView
from portal.documents import services
from portal.documents.forms import AnswerForm
from portal.documents.models import DocumentRequest
from portal.documents.views.reading import DocumentPageMixin


class RequestView(OnceOnlyMixin, DocumentPageMixin, ScopedActionView):
    """What we ask for, why it was refused perhaps, and where to send it."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._page(self._asked(pk), AnswerForm())

    def take(self, request: HttpRequest, pk: int) -> HttpResponse:
        asked = self._asked(pk)
        if not may(request.user, Grant.TAKE_PART, asked.client_id):
            raise PermissionDenied
        form = AnswerForm(request.POST, request.FILES)
        if not form.is_valid():
            return self._page(asked, form, status=422)
        try:
            services.fulfil_request(
                request=asked,
                files=form.cleaned_data["files"],
                actor=request.user,
                at=timezone.now(),
            )
        except services.AlreadyReceived:
            messages.info(request, _("Ce document a déjà été reçu."))
        except ValidationError as refusal:
            form.add_error("files", refusal)
            return self._page(asked, form, status=422)
        else:
            messages.success(request, _("Merci, document reçu."))
        return redirect("documents:request", asked.pk)

    def _asked(self, pk: int) -> DocumentRequest:
        rows = self.visible(DocumentRequest).select_related("project", "document", "asked_by")
        return get_object_or_404(rows, pk=pk)

    def _page(self, asked: DocumentRequest, form: AnswerForm, status: int = 200) -> HttpResponse:
        context = {
            "asked": asked,
            "form": form,
            "is_late": asked.is_late(timezone.localdate()),
            "may_answer": may(self.request.user, Grant.TAKE_PART, asked.client_id),
            "nav_key": self.nav_key,
        }
        return render(self.request, "portal/documents/request.html", context, status=status)
