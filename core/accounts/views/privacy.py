"""One's own data: whether we count, a copy of it, its erasure. The password is asked again."""

from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.core.files.storage import storages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.generic import FormView

from core.access.views import KeptFormMixin, ScopedActionView
from core.accounts import queries, services
from core.accounts.forms import AnalyticsForm, ErasureForm
from core.accounts.models import DataExport

MY_DATA = "/client/profil/#donnees"


class AnalyticsView(ScopedActionView):
    """Says yes or no to the counting."""

    def post(self, request: HttpRequest) -> HttpResponse:
        form = AnalyticsForm(request.POST)
        if form.is_valid():
            services.set_analytics(user=request.user, at=timezone.now(), **form.cleaned_data)
            messages.success(request, _("Votre choix est enregistré."))
        return redirect(MY_DATA)


@method_decorator(reauthentication_required, name="post")
class AskExportView(ScopedActionView):
    """Asks for a copy of one's data."""

    def post(self, request: HttpRequest) -> HttpResponse:
        services.ask_export(user=request.user, at=timezone.now())
        text = _("La copie se prépare : un e-mail vous prévient quand elle est prête.")
        messages.success(request, text)
        return redirect(MY_DATA)


class DownloadExportView(ScopedActionView):
    """Hands a copy to the person it is about, and to nobody else."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        ready = queries.exports_ready(request.user, at=timezone.now())
        return self.hand(request, get_object_or_404(ready, pk=pk))

    @method_decorator(reauthentication_required)
    def hand(self, request: HttpRequest, export: DataExport) -> HttpResponseBase:
        services.record_download(export=export, actor=request.user)
        name = f"mes-donnees-{timezone.localdate(export.made_at):%Y-%m-%d}.zip"
        stream = storages["private"].open(export.key)
        return FileResponse(stream, as_attachment=True, filename=name)


@method_decorator(reauthentication_required, name="dispatch")
class ErasureView(KeptFormMixin, FormView):
    """Asks for the erasure of one's data."""

    form_class = ErasureForm
    nav_key = "profile"
    template_name = "core/accounts/erasure.html"
    success_url = reverse_lazy("profile")

    def form_valid(self, form: ErasureForm) -> HttpResponse:
        reason = form.cleaned_data["reason"]
        try:
            services.ask_erasure(user=self.request.user, reason=reason, at=timezone.now())
            messages.success(
                self.request, _("Votre demande est reçue. Nous y répondons par e-mail.")
            )
        except services.IsOfTheTeam:
            messages.error(self.request, _("Un compte de l’équipe se ferme avec la direction."))
        return super().form_valid(form)

    def form_invalid(self, form: ErasureForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            request_open=queries.open_erasure(self.request.user), **kwargs
        )
