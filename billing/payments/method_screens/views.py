"""The pages of « Moyens de paiement ». Owners only: whoever else tries changes nothing."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, TemplateView, View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from billing.methods import services
from billing.methods.models import ProviderAccount
from billing.payments import gateways
from billing.payments.channels import ChannelRules, rules_of
from billing.payments.method_screens.forms import AccountForm, ChannelForm
from billing.payments.method_screens.states import channel_rows, provider_states
from core.access.row_guard import policy_of
from core.accounts.models import Company
from core.throttle import is_too_often

MOST_TESTS, WHILE = 5, 60


class MethodsPage(PermissionCheckedMixin):
    """Finds the company, and lets owners in."""

    permission_required = "change"
    kwargs: dict[str, Any]

    @property
    def permission_policy(self) -> Any:
        return policy_of(ProviderAccount)

    @cached_property
    def company(self) -> Company:
        return get_object_or_404(Company, pk=self.kwargs["company"])

    @property
    def overview_url(self) -> str:
        return reverse("payment_methods", args=[self.company.pk])


class FirstCompanyView(MethodsPage, View):
    """The menu's entry: the page of the first company."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponse:
        first = Company.objects.order_by("pk").first()
        if first is None:
            raise Http404
        return redirect("payment_methods", first.pk)


class OverviewView(MethodsPage, WagtailAdminTemplateMixin, TemplateView):
    """Every provider and every channel of a company."""

    template_name = "billing/payments/admin/methods.html"
    page_title = gettext_lazy("Moyens de paiement")
    header_icon = "form"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs["company"] = self.company
        return super().get_context_data(
            companies=Company.objects.order_by("pk"),
            providers=provider_states(self.company.pk, at=timezone.now()),
            channels=channel_rows(self.company.pk),
            **kwargs,
        )


class AccountView(MethodsPage, WagtailAdminTemplateMixin, FormView):
    """The keys of one provider. They go in, and never come out."""

    template_name = "core/backoffice/form.html"
    form_class = AccountForm
    header_icon = "key"
    submit_label = gettext_lazy("Enregistrer")

    @cached_property
    def provider(self) -> str:
        if self.kwargs["provider"] not in gateways.PROVIDERS:
            raise Http404
        return self.kwargs["provider"]

    @property
    def page_title(self) -> str:
        return _("Compte %(name)s") % {"name": gateways.NAMES[self.provider]}

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        above = {"url": self.overview_url, "label": _("Moyens de paiement")}
        return [*self.breadcrumbs_items, above, {"url": "", "label": self.page_title}]

    def get_form_kwargs(self) -> dict[str, Any]:
        rows = ProviderAccount.objects.filter(company=self.company, provider=self.provider)
        facts = {"provider": self.provider, "account": rows.first()}
        return super().get_form_kwargs() | facts

    def form_valid(self, form: AccountForm) -> HttpResponse:
        account = services.save_account(
            company=self.company,
            provider=self.provider,
            dialect=form.dialect,
            country=form.cleaned_data.get("country", "").lower(),
            is_active=form.cleaned_data["is_active"],
            keys=form.keys,
            actor=self.request.user,
            at=timezone.now(),
        )
        messages.success(self.request, _("Enregistré : %(account)s.") % {"account": account})
        return redirect(self.overview_url)

    def form_invalid(self, form: AccountForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)


class TryView(MethodsPage, View):
    """« Tester la connexion »: a harmless call, a few times a minute at the most."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, company: int, provider: str) -> HttpResponse:
        if provider not in gateways.PROVIDERS:
            raise Http404
        if is_too_often(f"payment-test:{self.company.pk}", most=MOST_TESTS, seconds=WHILE):
            messages.warning(request, _("Trop d’essais : patientez une minute."))
            return redirect(self.overview_url)
        access = gateways.find_access(provider, self.company.pk)
        why_not = gateways.try_connection(access) if access else _("Ses clés manquent.")
        self._keep(access, why_not)
        name = gateways.NAMES[provider]
        if why_not:
            messages.error(request, _("%(name)s : échec. %(why)s") % {"name": name, "why": why_not})
        else:
            messages.success(request, _("%(name)s : la connexion marche.") % {"name": name})
        return redirect(self.overview_url)

    def _keep(self, access: gateways.Access | None, why_not: str) -> None:
        if access is None or access.account_id is None:
            return
        services.note_test(
            account=ProviderAccount.objects.get(pk=access.account_id),
            succeeded=not why_not,
            detail=why_not,
            actor=self.request.user,  # type: ignore[attr-defined]
            at=timezone.now(),
        )


class ChannelPage(MethodsPage):
    """Finds a channel among those of a company."""

    @cached_property
    def all_rules(self) -> list[ChannelRules]:
        return rules_of(self.company.pk)

    @cached_property
    def rules(self) -> ChannelRules:
        found = [each for each in self.all_rules if each.channel.key == self.kwargs["channel"]]
        if not found:
            raise Http404
        return found[0]

    @property
    def order(self) -> list[tuple[str, bool]]:
        return [(each.channel.key, each.is_enabled) for each in self.all_rules]


class ChannelView(ChannelPage, WagtailAdminTemplateMixin, FormView):
    """Who serves a channel, and its limits."""

    template_name = "core/backoffice/form.html"
    form_class = ChannelForm
    header_icon = "form"
    submit_label = gettext_lazy("Enregistrer")

    @property
    def page_title(self) -> str:
        return self.rules.channel.name

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        above = {"url": self.overview_url, "label": _("Moyens de paiement")}
        return [*self.breadcrumbs_items, above, {"url": "", "label": self.page_title}]

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        kwargs.pop("initial", None)
        return kwargs | {"rules": self.rules}

    def form_valid(self, form: ChannelForm) -> HttpResponse:
        services.limit_channel(
            company=self.company,
            order=self.order,
            channel=self.rules.channel.key,
            wishes=form.wishes,
            actor=self.request.user,
        )
        messages.success(self.request, _("Enregistré."))
        return redirect(self.overview_url)

    def form_invalid(self, form: ChannelForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)


class MoveView(ChannelPage, View):
    """« Monter » and « Descendre »."""

    http_method_names = ["post"]
    by = 0

    def post(self, request: HttpRequest, company: int, channel: str) -> HttpResponse:
        services.move_channel(
            company=self.company,
            order=self.order,
            channel=self.rules.channel.key,
            by=self.by,
            actor=request.user,
        )
        return redirect(f"{self.overview_url}#{channel}")


class SwitchView(ChannelPage, View):
    """« Proposer » and « Ne plus proposer »: each says what it wants, so a second click is none."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, company: int, channel: str) -> HttpResponse:
        services.switch_channel(
            company=self.company,
            order=self.order,
            channel=self.rules.channel.key,
            is_enabled=request.POST.get("is_enabled") == "1",
            actor=request.user,
        )
        return redirect(f"{self.overview_url}#{channel}")
