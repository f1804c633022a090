"""What an owner does to the account of somebody else: close it, give its ways in back."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from core.accounts import services
from core.accounts.models import User
from core.backoffice.screens.sign_ins import last_tries
from core.hooks import Section, counted_belongings

ACCOUNT = "wagtailusers_users:edit"
MOST_HEIRS = 200


class AccountAct(WagtailAdminTemplateMixin, FormView):
    """A page that asks, then does one thing to an account. Owners alone; never to oneself."""

    name = ""
    label: Any = ""
    question: Any = ""
    success: Any = ""
    is_serious = False
    form_class: type[forms.Form] = forms.Form
    refusals: dict[type[Exception], Any] = {}
    template_name = "core/backoffice/account_act.html"
    header_icon = "user"

    # Each act defines it: the one service call, given (user, **values of the form).
    perform: Callable[..., Any]

    @classmethod
    def is_offered(cls, user: User) -> bool:
        """Tell whether the act makes sense for this account."""
        return user.is_active

    @cached_property
    def object(self) -> User:
        """Return the account that the act is about."""
        found = User.objects.filter(pk=self.kwargs["pk"], erased_at=None).first()
        if found is None:
            raise Http404
        return found

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_superuser or request.user.pk == self.object.pk:
            raise PermissionDenied
        if not self.is_offered(self.object):
            messages.error(request, _("Rien n’a été fait : le compte a changé entre-temps."))
            return redirect(self.account_url)
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: forms.Form) -> HttpResponse:
        try:
            self.perform(self.object, **form.cleaned_data)
        except tuple(self.refusals) as error:
            text = next(text for kind, text in self.refusals.items() if isinstance(error, kind))
            form.add_error(None, text)
            return self.form_invalid(form)
        messages.success(self.request, self.success)
        return redirect(self.account_url)

    @property
    def account_url(self) -> str:
        return reverse(ACCOUNT, args=[self.object.pk])

    @property
    def button_class(self) -> str:
        return "button serious" if self.is_serious else "button"

    def get_page_title(self) -> Any:
        return self.label

    def get_page_subtitle(self) -> str:
        return str(self.object)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("wagtailusers_users:index"), "label": _("Comptes")},
            {"url": self.account_url, "label": str(self.object)},
            {"url": "", "label": self.label},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        facts = {"record": self.object, "record_url": self.account_url, "action": self}
        return super().get_context_data(**facts, **kwargs)


class HeirForm(forms.Form):
    """Who takes over what the person looks after."""

    to = forms.ModelChoiceField(
        label=_("Confier à"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("Personne : tout reste à son nom"),
        help_text=_("La personne choisie est prévenue une fois, avec le compte de chaque sorte."),
    )


class CloseAccount(AccountAct):
    """Shut an account, and hand over what its person looks after."""

    name = "fermer"
    label = _("Fermer le compte")
    question = _(
        "La personne ne se connecte plus et ses sessions s’arrêtent aussitôt. "
        "Son nom reste dans l’historique ; le compte peut se rouvrir."
    )
    success = _("Compte fermé.")
    is_serious = True
    form_class = HeirForm
    refusals = {
        services.NoOwnerLeft: _("Il faut au moins un compte de direction ouvert."),
        services.CannotTakeOver: _("Cette personne n’est plus de l’équipe : choisissez-en une."),
    }

    def get_form(self, form_class: Any = None) -> forms.Form:
        form = super().get_form(form_class)
        if not self.object.is_staff:
            del form.fields["to"]
            return form
        team = User.objects.filter(is_staff=True, is_active=True).exclude(pk=self.object.pk)
        ids = team.order_by("last_name", "pk").values("pk")[:MOST_HEIRS]
        form.fields["to"].queryset = User.objects.filter(pk__in=ids).order_by("last_name", "pk")
        return form

    def perform(self, user: User, to: User | None = None) -> None:
        at = timezone.now()
        services.close_and_hand_over(user=user, to=to, actor=self.request.user, at=at)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(sections=[belongings_section(self.object)], **kwargs)


class SendPasswordLink(AccountAct):
    """Send a link to choose another password."""

    name = "mot-de-passe"
    label = _("Envoyer un lien de mot de passe")
    question = _("La personne reçoit un lien, à son adresse, pour choisir un autre mot de passe.")
    success = _("Le lien va partir.")
    refusals = {services.NothingToReset: _("Ce compte est fermé.")}

    def perform(self, user: User) -> None:
        services.send_link_to(user=user, actor=self.request.user, at=timezone.now())


class SureForm(forms.Form):
    """Why the second factors are removed, and that the person was recognised."""

    reason = forms.CharField(
        label=_("Pourquoi"), max_length=200, help_text=_("Gardé dans l’historique.")
    )
    is_sure = forms.BooleanField(label=_("J’ai vérifié, de vive voix, que c’est bien elle ou lui."))


class ResetSecondFactor(AccountAct):
    """Remove the second factors of somebody who lost them."""

    name = "second-facteur"
    label = _("Réinitialiser le second facteur")
    question = _(
        "Application, clés d’accès et codes de secours sont retirés, les sessions fermées. "
        "La personne est prévenue par e-mail et en choisit un nouveau à la prochaine connexion."
    )
    success = _("Second facteur réinitialisé ; la personne est prévenue.")
    is_serious = True
    form_class = SureForm
    refusals = {services.NothingToReset: _("Ce compte n’a pas de second facteur.")}

    def perform(self, user: User, reason: str, is_sure: bool) -> None:
        at = timezone.now()
        services.reset_second_factor(user=user, reason=reason, actor=self.request.user, at=at)


ACTS: tuple[type[AccountAct], ...] = (SendPasswordLink, ResetSecondFactor, CloseAccount)
ADDRESSES = [
    path(f"comptes/<int:pk>/{act.name}/", act.as_view(), name=f"nourx_account_{act.name}")
    for act in ACTS
]


def acts_for(actor: Any, user: User) -> list[dict[str, Any]]:
    """Return the acts that somebody may do to an account, for its page."""
    if not actor.is_superuser or actor.pk == user.pk:
        return []
    return [
        {
            "label": act.label,
            "url": reverse(f"nourx_account_{act.name}", args=[user.pk]),
            "is_serious": act.is_serious,
        }
        for act in ACTS
        if act.is_offered(user)
    ]


def sections_for(user: User, request: HttpRequest) -> list[Section]:
    """Return what stands under an account: its work, and its last sign-ins."""
    work = [belongings_section(user)] if user.is_staff else []
    return [*work, *last_tries(user, request)]


def belongings_section(user: User) -> Section:
    """Return how much open work somebody of the team looks after, kind by kind."""
    return Section(
        title=_("Travail en cours à son nom"),
        headings=(_("Sorte"), _("Nombre")),
        rows=[(kind.label, count) for kind, count in counted_belongings(user) if count],
        empty=_("Rien d’ouvert n’est à son nom."),
    )
