"""Fees, settlements and payouts."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.panels import FieldPanel
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.widgets.button import HeaderButton
from wagtail.permissions import register_permission_policy

from billing.payments.gateways import NAMES
from billing.payments.models import MoneyAccount
from billing.payments.screens.fields import TypedAmount
from billing.treasury import queries, services
from billing.treasury.models import FeeTerms, Payout, Settlement
from billing.treasury.screens.base import TreasuryPage
from core.access.policies import ReadOnlyPolicy, TeamPolicy
from core.backoffice import menu
from core.backoffice.columns import FrenchDateColumn, MoneyColumn
from core.backoffice.dates import DateInput
from core.backoffice.pages import RecordIndexView
from core.backoffice.viewsets import ReadOnlyViewSet, RecordViewSet
from core.hooks import Section
from core.money import format_amount

register_permission_policy(FeeTerms, TeamPolicy(FeeTerms))
register_permission_policy(Settlement, ReadOnlyPolicy(Settlement))
register_permission_policy(Payout, ReadOnlyPolicy(Payout))

MOST_CHOSEN = 500  # settlements proposed for one payout


class FeeTermsViewSet(RecordViewSet):
    """What each provider charges, from a day on."""

    model = FeeTerms
    icon = "tag"
    menu_label = _("Frais des prestataires")
    add_label = _("Nouvelles conditions")
    list_display = [
        "provider",
        "channel",
        "percent",
        MoneyColumn("fixed", label=_("Part fixe")),
        "delay_days",
        FrenchDateColumn("starts_on", label=_("À partir du")),
    ]
    list_filter = ["provider", "currency"]
    panels = [
        FieldPanel(name)
        for name in (
            "provider",
            "channel",
            "currency",
            "percent",
            "fixed",
            "vat_percent",
            "delay_days",
            "starts_on",
        )
    ]


class PayableIndexView(RecordIndexView):
    """A list that leads to the form of payouts, one button per provider that owes us."""

    @cached_property
    def header_buttons(self) -> list[Any]:
        return [*super().header_buttons, *payout_buttons(self.request)]


def payout_buttons(request: HttpRequest) -> list[HeaderButton]:
    """Return a button per provider whose money has not reached our accounts yet."""
    if not request.user.has_perm(RecordPayoutView.right):
        return []
    return [
        HeaderButton(
            _text("Noter un versement de %(provider)s") % {"provider": NAMES[provider]},
            url=reverse("treasury_payout", args=[provider]),
            icon_name="download",
        )
        for provider in queries.providers_in_transit()
        if provider in NAMES
    ]


class SettlementViewSet(ReadOnlyViewSet):
    """What providers settled of each payment."""

    model = Settlement
    index_view_class = PayableIndexView
    icon = "table"
    menu_label = _("Règlements des prestataires")
    ordering = "-pk"
    list_display = [
        TitleColumn(
            "payment",
            label=_("Paiement"),
            url_name="wagtailsnippets_treasury_settlement:inspect",
        ),
        Column("client", label=_("Client")),
        MoneyColumn("gross", label=_("Brut")),
        MoneyColumn("fee", label=_("Frais HT")),
        MoneyColumn("fee_vat", label=_("TVA sur frais")),
        MoneyColumn("net", label=_("Net")),
        Column("get_basis_display", label=_("D’après")),
        FrenchDateColumn("available_on", label=_("Disponible le")),
        Column("payout", label=_("Versement")),
    ]
    list_filter = {
        "payment__provider": ["exact"],
        "basis": ["exact"],
        "payout": ["isnull"],
        "currency": ["exact"],
    }
    list_export = ["payment", "gross", "fee", "fee_vat", "net", "currency", "basis", "available_on"]
    money_fields = ("gross", "fee", "fee_vat", "net")
    inspect_view_fields = [
        "client",
        "payment",
        "gross",
        "fee",
        "fee_vat",
        "net",
        "basis",
        "available_on",
        "payout",
        "updated_at",
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Settlement]:
        rows = Settlement.objects.select_related("client", "payment", "payout")
        return rows.defer("client__search_vector")


class PayoutViewSet(ReadOnlyViewSet):
    """What providers sent to our accounts."""

    model = Payout
    index_view_class = PayableIndexView
    icon = "download"
    menu_label = _("Versements")
    ordering = "-paid_on"
    list_display = [
        TitleColumn(
            "reference",
            label=_("Référence"),
            url_name="wagtailsnippets_treasury_payout:inspect",
        ),
        "provider",
        Column("account", label=_("Compte")),
        FrenchDateColumn("paid_on", label=_("Reçu le"), sort_key="paid_on"),
        MoneyColumn("expected", label=_("Attendu")),
        MoneyColumn("amount", label=_("Reçu")),
        MoneyColumn("difference", label=_("Écart")),
    ]
    list_filter = ["provider", "account"]
    search_fields = ["reference"]
    list_export = [
        "provider", "reference", "account", "paid_on", "expected", "amount", "currency",
        "explanation",
    ]  # fmt: skip
    money_fields = ("amount", "expected")
    inspect_view_fields = [
        "provider",
        "reference",
        "account",
        "paid_on",
        "expected",
        "amount",
        "explanation",
        "recorded_by",
        "recorded_at",
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Payout]:
        return Payout.objects.select_related("account")

    def sections(self, record: Payout, request: HttpRequest) -> list[Section]:
        rows = record.settlements.select_related("payment", "client").order_by("pk")
        return [
            Section(
                title=_("Ce qu’il règle"),
                headings=[_("Client"), _("Paiement"), _("Net")],
                rows=[
                    [row.client.name, row.payment, format_amount(row.net, row.currency)]
                    for row in rows
                ],
            )
        ]


class PayoutForm(forms.Form):
    """A payout, and the settlements it brings."""

    reference = forms.CharField(label=_("Référence du versement"), max_length=100)
    account = forms.ModelChoiceField(
        MoneyAccount.objects.filter(is_active=True), label=_("Reçu sur")
    )
    paid_on = forms.DateField(label=_("Reçu le"), widget=DateInput, initial=timezone.localdate)
    amount = TypedAmount(label=_("Montant reçu"))
    explanation = forms.CharField(
        label=_("Explication de l’écart"),
        required=False,
        max_length=300,
        help_text=_("Nécessaire si le montant n’est pas la somme des nets choisis."),
    )
    settlements = forms.ModelMultipleChoiceField(
        Settlement.objects.none(), label=_("Paiements réglés"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, provider: str, **kwargs: Any):
        super().__init__(*args, **kwargs)
        rows = Settlement.objects.filter(
            payout=None, payment__provider=provider, payment__is_test=False
        )
        kept = list(rows.order_by("available_on", "pk").values_list("pk", flat=True)[:MOST_CHOSEN])
        field: Any = self.fields["settlements"]
        field.queryset = Settlement.objects.filter(pk__in=kept).select_related("payment", "client")
        field.label_from_instance = lambda row: (
            _text("%(client)s, %(payment)s, net %(net)s")
            % {
                "client": row.client.name,
                "payment": row.payment,
                "net": format_amount(row.net, row.currency),
            }
        )

    def clean(self) -> dict[str, Any]:
        account = self.cleaned_data.get("account")
        if account is not None and account.currency != "XOF" and "amount" in self.data:
            field: Any = self.fields["amount"]
            field.currency = account.currency
            self.cleaned_data["amount"] = field.clean(self.data["amount"])
        return self.cleaned_data


class RecordPayoutView(TreasuryPage):
    """Note a payout of a provider."""

    right = "payments.record_payment"
    page_title = _("Noter un versement")
    template_name = "billing/treasury/payout.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if self.kwargs["provider"] not in NAMES:
            raise Http404

    def get(self, request: HttpRequest, provider: str) -> HttpResponse:
        return self._page(PayoutForm(provider=provider))

    def post(self, request: HttpRequest, provider: str) -> HttpResponse:
        form = PayoutForm(request.POST, provider=provider)
        if not form.is_valid():
            return self._page(form, 422)
        try:
            payout = services.record_payout(
                provider=provider, actor=request.user, at=timezone.now(), **form.cleaned_data
            )
        except services.CannotPayOut as refusal:
            form.add_error(None, refusal.message)
            return self._page(form, 422)
        messages.success(request, _("Versement noté."))
        return redirect(reverse("wagtailsnippets_treasury_payout:inspect", args=[payout.pk]))

    def _page(self, form: PayoutForm, status: int = 200) -> HttpResponse:
        context = self.get_context_data(form=form, provider=NAMES[self.kwargs["provider"]])
        return render(self.request, self.template_name, context, status=status)


@hooks.register("register_admin_urls")
def addresses() -> list[Any]:
    """Give the address of the form."""
    return [
        path(
            "tresorerie/versement/<slug:provider>/",
            RecordPayoutView.as_view(),
            name="treasury_payout",
        )
    ]


menu.add("tresorerie", SettlementViewSet, order=40)
menu.add("tresorerie", PayoutViewSet, order=50)
menu.add("tresorerie", FeeTermsViewSet, order=60)
