"""What clients say to have paid outside the portal: the team finds the money, or says no."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.permissions import register_permission_policy

from billing.payments import services
from billing.payments.models import TransferDeclaration
from billing.payments.screens.fields import TypedAmount, figures, link_to_payment
from billing.payments.screens.totals import MoneyFilterSet, TotalledIndexView, days
from core.access.policies import ReadOnlyPolicy
from core.backoffice import menu
from core.backoffice.actions import RecordAction
from core.backoffice.columns import FrenchDateColumn, MoneyColumn, StatusColumn, StatusLook
from core.backoffice.viewsets import ReadOnlyViewSet
from core.hooks import Section

register_permission_policy(TransferDeclaration, ReadOnlyPolicy(TransferDeclaration))

State = TransferDeclaration.State
LOOKS = {
    State.PENDING: StatusLook("half", "warn"),
    State.CONFIRMED: StatusLook("done", "ok"),
    State.REFUSED: StatusLook("cancel", "bad"),
}


class DeclarationAction(RecordAction):
    """An answer to a declaration, for whoever writes payments down."""

    refusals = (services.DeclarationDecided, services.CannotDeclare)

    @classmethod
    def is_offered(cls, record: TransferDeclaration) -> bool:
        return record.state == State.PENDING

    @classmethod
    def may(cls, user: Any, record: TransferDeclaration) -> bool:
        return cls.is_offered(record) and user.has_perm("payments.record_payment")

    def user_has_permission(self, permission: str) -> bool:
        return bool(self.request.user.has_perm("payments.record_payment"))


class ConfirmForm(forms.Form):
    """How much really came."""

    amount = TypedAmount(
        label=_("Montant réellement reçu"),
        help_text=_("Ce que dit le relevé, s’il dit autre chose que le client."),
    )

    def __init__(self, *args: Any, currency: str, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["amount"].currency = currency  # type: ignore[attr-defined]


class ConfirmDeclaration(DeclarationAction):
    """The money is there: make it a payment."""

    name = "confirmer"
    label = _("Confirmer : l’argent est là")
    question = _("Le paiement sera enregistré et son reçu partira au client.")
    success = _("Paiement enregistré.")
    form_class = ConfirmForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "currency": self.object.currency}

    def get_initial(self) -> dict[str, Any]:
        record = self.object
        return {**super().get_initial(), **figures([("amount", record.amount)], record.currency)}

    def perform(self, record: TransferDeclaration, actor: Any, **values: Any) -> None:
        try:
            services.confirm_declaration(
                declaration=record, actor=actor, at=timezone.now(), **values
            )
        except services.ReferenceUsed as refusal:
            raise forms.ValidationError(link_to_payment(refusal.payment)) from refusal
        except services.CannotRecord as refusal:
            raise forms.ValidationError(refusal.message) from refusal


class RefusalForm(forms.Form):
    """Why."""

    reason = forms.CharField(
        label=_("Motif"), max_length=300, help_text=_("Le client lira ces mots.")
    )


class RefuseDeclaration(DeclarationAction):
    """The money is not there: tell the client why."""

    name = "refuser"
    label = _("Refuser")
    icon_name = "cross"
    is_serious = True
    question = _("Rien n’est compté. Le client est prévenu et peut déclarer de nouveau.")
    success = _("Déclaration refusée, le client est prévenu.")
    form_class = RefusalForm

    def perform(self, record: TransferDeclaration, actor: Any, **values: Any) -> None:
        services.refuse_declaration(declaration=record, actor=actor, at=timezone.now(), **values)


class DeclarationFilterSet(MoneyFilterSet):
    """How declarations are filtered."""

    paid_on = days(_("Payé le"))

    class Meta:
        model = TransferDeclaration
        fields = ["client", "state", "account"]


class DeclarationViewSet(ReadOnlyViewSet):
    """The queue of declarations."""

    model = TransferDeclaration
    icon = "mobile-alt"
    menu_label = _("Paiements déclarés")
    ordering = "-declared_at"
    list_display = [
        TitleColumn(
            "invoice",
            label=_("Facture"),
            url_name="wagtailsnippets_payments_transferdeclaration:inspect",
        ),
        Column("client", label=_("Client")),
        MoneyColumn("amount", label=_("Montant")),
        Column("account", label=_("Payé sur")),
        Column("reference", label=_("Référence")),
        FrenchDateColumn("paid_on", label=_("Payé le")),
        StatusColumn("state", label=_("État"), looks=LOOKS),
    ]
    filterset_class = DeclarationFilterSet
    index_view_class = TotalledIndexView
    index_results_template_name = "core/backoffice/totalled_results.html"
    search_fields = ["reference", "client__name", "invoice__number", "payer_name", "payer_phone"]
    list_export = [
        "client.name", "invoice", "amount", "currency", "account", "paid_on", "reference",
        "payer_name", "payer_phone", "state", "declared_at", "answer",
    ]  # fmt: skip
    money_fields = ("amount",)
    inspect_view_fields = [
        "client",
        "invoice",
        "amount",
        "account",
        "paid_on",
        "reference",
        "payer_name",
        "payer_phone",
        "state",
        "answer",
        "payment",
        "declared_by",
        "declared_at",
        "decided_by",
        "decided_at",
    ]
    actions = (ConfirmDeclaration, RefuseDeclaration)

    def get_queryset(self, request: HttpRequest) -> QuerySet[TransferDeclaration]:
        rows = TransferDeclaration.objects.select_related("client", "invoice", "account")
        return rows.defer("client__search_vector")

    def sections(self, record: TransferDeclaration, request: HttpRequest) -> list[Section]:
        if record.proof is None:
            return []
        url = reverse("declaration_proof", args=[record.pk])
        link = format_html('<a href="{}">{}</a>', url, record.proof.name)
        return [Section(title=_text("Justificatif"), headings=[_("Fichier")], rows=[[link]])]


menu.add("encaissements", DeclarationViewSet, order=20)
