"""A prospect in one form: the company, the person, the opportunity; likely duplicates first."""

from dataclasses import fields
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from core.access.row_guard import policy_of
from core.accounts.models import Client, Company
from portal.crm import queries, services
from portal.crm.models import Opportunity
from portal.crm.screens.forms import ProspectForm

REASONS = {
    "email": _("même adresse e-mail"),
    "phone": _("même numéro de téléphone"),
    "name": _("nom semblable"),
}
INTRODUCTION = [field.name for field in fields(services.Introduction)]


class ProspectPage(WagtailAdminTemplateMixin, FormView):
    """Nobody is made twice by mistake: who looks the same is shown before anything is saved."""

    model = Opportunity
    permission = "add"
    page_title = _("Nouveau prospect")
    header_icon = "plus"
    template_name = "portal/crm/prospect.html"
    form_class = ProspectForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        for model in (Opportunity, Client):
            if not policy_of(model).user_has_permission(request.user, self.permission):
                raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        pipeline = {"url": reverse("crm_pipeline"), "label": _("Pipeline")}
        return [*self.breadcrumbs_items, pipeline, {"url": "", "label": self.page_title}]

    def get_initial(self) -> dict[str, Any]:
        return {"owner": self.request.user.pk}

    def form_valid(self, form: ProspectForm) -> HttpResponse:
        values = dict(form.cleaned_data)
        anyway = values.pop("anyway")
        found = queries.find_duplicates(
            name=values["name"], phone=values["phone"], email=values["email"]
        )
        if found and not anyway:
            return self._ask(form, found)
        met = services.Introduction(**{key: values.pop(key) for key in INTRODUCTION})
        try:
            made = services.start_prospect(
                met=met,
                actor=self.request.user,
                at=timezone.now(),
                on=timezone.localdate(),
                **values,
            )
        except Company.DoesNotExist:
            form.add_error(None, _text("Remplissez d’abord la fiche de votre société."))
            return self.form_invalid(form)
        messages.success(self.request, _text("Prospect créé : %s.") % made.client)
        return redirect("wagtailsnippets_crm_opportunity:inspect", made.pk)

    def _ask(self, form: ProspectForm, found: list[queries.Duplicate]) -> HttpResponse:
        """Bring the page back as it was typed, with who it may be and a way to go on."""
        form.data = form.data.copy()
        form.data["anyway"] = "on"
        page = Client.snippet_viewset.get_url_name("inspect")
        sale = reverse("wagtailsnippets_crm_opportunity:add")
        duplicates = [
            {
                "client": one.client,
                "url": reverse(page, args=[one.client.pk]),
                "sale_url": f"{sale}?client={one.client.pk}",
                "reasons": [REASONS[reason] for reason in one.reasons],
            }
            for one in found
        ]
        context = self.get_context_data(form=form, duplicates=duplicates)
        return self.render_to_response(context)
