"""The buttons of a won opportunity: its payment link, its conversion."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages

from billing.deals import queries, services
from billing.deals.models import Conversion, DealPayment
from billing.invoicing.models import Quote
from billing.payments.gateways import NAMES, find_absent
from billing.payments.services import routes_of
from billing.payments.services.attempts import CannotPay
from billing.quoting.services import CannotBill, CannotTransform
from core.access.row_guard import policy_of
from core.backoffice.actions import RecordAction
from core.money import format_amount
from portal.crm.models import Opportunity
from portal.projects.models import Project


class LinkForm(forms.Form):
    """By what and by whom an opportunity is to be paid, and what the payer reads."""

    way = forms.ChoiceField(label=_("Moyen de paiement"), widget=forms.RadioSelect)
    label = forms.CharField(
        label=_("Objet montré au payeur"),
        max_length=200,
        help_text=_("Il paraît sur la page de paiement et sur le reçu."),
    )


class MakePaymentLink(RecordAction):
    """« Générer lien de paiement »: a page of a provider, opened for the client to pay."""

    name = "lien-de-paiement"
    label = _("Générer lien de paiement")
    icon_name = "link"
    permission = "change"
    is_main = True
    is_listed = False
    form_class = LinkForm
    template_name = "billing/deals/link.html"
    default_refusal = _(
        "Le lien demande une opportunité gagnée, avec un montant, pas encore payée."
    )

    @cached_property
    def routes(self) -> list[Any]:
        """The ways to pay it: those that take its whole amount at once, then the others."""
        found = routes_of(self.object, at=timezone.now())
        return sorted(found, key=lambda way: not _takes(way[1], self.object.amount))

    def get_form(self, form_class: Any = None) -> forms.Form:
        form = super().get_form(form_class)
        field: Any = form.fields["way"]
        field.choices = [
            (f"{channel.key}:{route.access.provider}", _name_of(channel, route, self.object.amount))
            for channel, route in self.routes
        ]
        return form

    def get_initial(self) -> dict[str, Any]:
        first = next((f"{one.key}:{route.access.provider}" for one, route in self.routes), "")
        return {"label": self.object.title, "way": first}

    def perform(self, record: Opportunity, actor: Any, **values: Any) -> DealPayment:
        channel, _colon, provider = values["way"].partition(":")
        try:
            deal = services.make_payment_link(
                opportunity=record,
                channel=channel,
                provider=provider,
                label=values["label"],
                actor=actor,
                at=timezone.now(),
            )
        except CannotPay as refusal:
            raise ValidationError(refusal.message) from refusal
        amount = format_amount(deal.amount, deal.currency)
        text = _text("Lien de paiement prêt : %(amount)s par %(provider)s.")
        words = {"amount": amount, "provider": NAMES.get(deal.provider, deal.provider)}
        messages.success(self.request, text % words)
        return deal

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            amount=format_amount(self.object.amount or 0, self.object.currency),
            routes=self.routes,
            absent=", ".join(find_absent()),
            standing=queries.standing_of(self.object, at=timezone.now()),
            **kwargs,
        )

    @classmethod
    def is_offered(cls, record: Opportunity) -> bool:
        if not record.stage.is_won or not record.amount:
            return False
        paid = DealPayment.objects.filter(opportunity=record.pk, state=DealPayment.State.PAID)
        return not paid.exists()


def _takes(route: Any, amount: int) -> bool:
    """Tell whether a provider takes an amount at once."""
    limits = route.limits
    return limits.least <= limits.whole(amount) <= limits.most


def _name_of(channel: Any, route: Any, amount: int) -> str:
    """Name a way to pay, who serves it, and its limit when that is in the way."""
    server = NAMES[route.access.provider]
    name = channel.name if channel.name == server else f"{channel.name} · {server}"
    if _takes(route, amount):
        return name
    limits = route.limits
    words = {"name": name, "least": format_amount(limits.least, limits.currency)}
    words["most"] = format_amount(limits.most, limits.currency)
    return _text("%(name)s (de %(least)s à %(most)s)") % words


class ConvertForm(forms.Form):
    """What becomes of the sale: which quote, and which project."""

    title = forms.CharField(
        label=_("Nom du projet"), max_length=300, help_text=_("Du nouveau projet, s’il y en a un.")
    )
    quote = forms.ModelChoiceField(
        label=_("Devis"),
        queryset=Quote.objects.none(),
        required=False,
        empty_label=_("Préparer un brouillon depuis l’opportunité"),
    )
    project = forms.ModelChoiceField(
        label=_("Projet"),
        queryset=Project.objects.none(),
        required=False,
        empty_label=_("Ouvrir un nouveau projet"),
    )


class ConvertOpportunity(RecordAction):
    """« Convertir »: the client won, its project and its quote, in one act."""

    name = "convertir"
    label = _("Convertir")
    icon_name = "folder-open-inverse"
    permission = "change"
    is_main = True
    is_listed = False
    question = _(
        "Le prospect devient client, un projet s’ouvre et un devis est préparé avec le besoin et "
        "le montant. Un devis déjà accepté apporte ses jalons et sa facture d’acompte."
    )
    form_class = ConvertForm
    success = _("Opportunité convertie : le client, le projet et le devis sont liés.")
    refusals = (services.CannotConvert, CannotTransform, CannotBill)

    def get_initial(self) -> dict[str, Any]:
        return {"title": self.object.title}

    def get_form(self, form_class: Any = None) -> forms.Form:
        form = super().get_form(form_class)
        kept = (Quote.Status.DRAFT, Quote.Status.SENT, Quote.Status.ACCEPTED)
        quotes = Quote.objects.filter(client=self.object.client_id, status__in=kept)
        projects = Project.objects.filter(client=self.object.client_id)
        quote: Any = form.fields["quote"]
        project: Any = form.fields["project"]
        quote.queryset = quotes.filter(conversions=None).order_by("-pk")
        project.queryset = projects.exclude(status=Project.Status.ARCHIVED).order_by("-pk")
        return form

    def perform(self, record: Opportunity, actor: Any, **values: Any) -> Conversion:
        return services.convert_opportunity(
            opportunity=record,
            title=values["title"],
            quote=values["quote"],
            project=values["project"],
            on=timezone.localdate(),
            at=timezone.now(),
            actor=actor,
        )

    def get_record_url(self, done: Any = None) -> str:
        if done is None or done.project_id is None:
            return super().get_record_url()
        return reverse("wagtailsnippets_projects_project:inspect", args=[done.project_id])

    @classmethod
    def is_offered(cls, record: Opportunity) -> bool:
        if not record.stage.is_won:
            return False
        return not Conversion.objects.filter(opportunity=record.pk).exists()

    @classmethod
    def may(cls, user: Any, record: Opportunity) -> bool:
        makes = (policy_of(Project), policy_of(Quote))
        return super().may(user, record) and all(
            policy.user_has_permission(user, "add") for policy in makes
        )
