"""« Identité visuelle »: the logo and the colour of the house, seen on what they change."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import RegexValidator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from core.access.row_guard import policy_of
from core.accounts.models import Company
from core.accounts.services.branding import check_logo, reset_look, save_look
from core.audit.log import declare
from core.backoffice import menu
from core.ui.branding import READABLE, WHITE, accent_tokens, contrast

declare(look_changed=_("Identité visuelle modifiée"), look_reset=_("Identité visuelle d’origine"))
COLOUR = RegexValidator(r"^#[0-9a-fA-F]{6}$", _("Une couleur s’écrit #1d3fff."))


class LookForm(forms.Form):
    """A colour and two logos."""

    accent = forms.CharField(
        label=_("Couleur d’accent"),
        max_length=7,
        validators=[COLOUR],
        widget=forms.TextInput(attrs={"type": "color", "data-look": "accent"}),
        help_text=_(
            "Assombrie ou éclaircie au besoin : le texte garde un contraste de 4,5 pour 1."
        ),
    )
    logo = forms.FileField(
        label=_("Logo sur fond clair"),
        required=False,
        help_text=_("PNG, JPEG ou WebP, 1 Mo au plus. Vide : le logo d’avant reste."),
    )
    logo_dark = forms.FileField(label=_("Logo sur fond sombre"), required=False)

    def clean_logo(self) -> Any:
        return self._checked("logo")

    def clean_logo_dark(self) -> Any:
        return self._checked("logo_dark")

    def _checked(self, name: str) -> Any:
        upload = self.cleaned_data.get(name)
        if upload:
            check_logo(upload)
            upload.seek(0)
        return upload


class LookPage(WagtailAdminTemplateMixin, FormView):
    """The colour and the logos, with what they make of the portal, papers, mails and this place."""

    model = Company
    permission = "change"
    page_title = _("Identité visuelle")
    header_icon = "image"
    form_class = LookForm
    template_name = "core/backoffice/look.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not policy_of(self.model).user_has_permission(request.user, self.permission):
            raise PermissionDenied
        company = Company.objects.order_by("pk").first()
        if company is None:
            messages.error(request, _("Créez d’abord votre société."))
            return redirect("wagtailsnippets_accounts_company:list")
        self.company = company
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "apercu" in request.GET:
            return render(request, "core/backoffice/look_preview.html", self._preview())
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "origine" in request.POST:
            reset_look(company=self.company, actor=request.user)
            messages.success(request, _("Identité d’origine rétablie."))
            return redirect(reverse("look"))
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: LookForm) -> HttpResponse:
        facts = form.cleaned_data
        try:
            save_look(
                company=self.company,
                accent=facts["accent"],
                logo=facts["logo"] or None,
                logo_dark=facts["logo_dark"] or None,
                actor=self.request.user,
            )
        except ValidationError as refusal:
            form.add_error(None, refusal)
            return self.form_invalid(form)
        messages.success(self.request, _("Identité visuelle enregistrée."))
        return redirect(reverse("look"))

    def get_initial(self) -> dict[str, Any]:
        return {"accent": self._colour()}

    def _colour(self) -> str:
        asked = self.request.POST.get("accent") or self.request.GET.get("couleur", "")
        try:
            COLOUR(asked)
        except ValidationError:
            return self.company.accent_color
        return asked

    def _preview(self) -> dict[str, Any]:
        """Return what the colour becomes, and how far it was from being readable."""
        colour = self._colour()
        tokens = accent_tokens(colour)
        light, dark = (
            {name.removeprefix("--").replace("-", "_"): value for name, value in one.items()}
            for one in (tokens["light"], tokens["dark"])
        )
        ratio = contrast(colour, WHITE)
        return {
            "company": self.company,
            "colour": colour,
            "light": light,
            "dark": dark,
            "ratio": f"{ratio:.1f}".replace(".", ","),
            "kept_ratio": f"{contrast(light['brand'], WHITE):.1f}".replace(".", ","),
            "is_mended": ratio < READABLE,
        }

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**self._preview(), **kwargs)


menu.add_page(menu.SETTINGS, LookPage, slug="identite-visuelle", name="look", order=12)
