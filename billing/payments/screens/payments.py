"""The journal of money received, recording more by hand, and giving some back."""

import secrets
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.widgets import AdminDateInput
from wagtail.permissions import register_permission_policy

from billing.invoicing.models import Invoice
from billing.payments import services
from billing.payments.models import Payment, PaymentMethod
from billing.payments.services.refunds import refundable
from core.access.policies import ReadOnlyPolicy
from core.backoffice import menu
from core.backoffice.actions import RecordAction, add_action
from core.backoffice.columns import FrenchDateColumn, MoneyColumn
from core.backoffice.viewsets import ReadOnlyViewSet
from core.hooks import Section
from core.money import UnreadableAmount, format_amount, parse_amount
from core.ui.formats import date_long

register_permission_policy(Payment, ReadOnlyPolicy(Payment))


class TypedAmount(forms.CharField):
    """An amount typed by a person: « 150 000 »."""

    def clean(self, value: Any) -> int:
        try:
            amount = parse_amount(super().clean(value))
        except UnreadableAmount as error:
            raise forms.ValidationError(*error.args) from error
        if amount <= 0:
            raise forms.ValidationError(_("Le montant doit être positif."))
        return amount


def _new_key() -> str:
    return secrets.token_hex(16)


class OnceForm(forms.Form):
    """A form that has one effect however often it is sent."""

    key = forms.CharField(widget=forms.HiddenInput, initial=_new_key, max_length=64)


class PaymentForm(OnceForm):
    """Money that came outside the portal."""

    amount = TypedAmount(label=_("Montant reçu"), help_text=_("Le surplus reste à son crédit."))
    method = forms.ChoiceField(label=_("Moyen"), choices=PaymentMethod.choices)
    reference = forms.CharField(label=_("Référence"), required=False, max_length=100)
    received_on = forms.DateField(
        label=_("Reçu le"), widget=AdminDateInput, initial=timezone.localdate
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=300)


class RecordPayment(RecordAction):
    """Write down money received for an invoice: cash, transfer, cheque, Mobile Money."""

    name = "enregistrer-paiement"
    label = _("Enregistrer un paiement")
    icon_name = "plus"
    question = _("La facture sera créditée et un reçu numéroté partira au client.")
    success = _("Paiement enregistré.")
    form_class = PaymentForm
    refusals = (services.CannotRecord,)

    def get_initial(self) -> dict[str, Any]:
        return {**super().get_initial(), "amount": self.object.amount_due}

    def perform(self, record: Invoice, actor: Any, **values: Any) -> Payment:
        key = values.pop("key")
        return services.record_payment(
            client=record.client,
            invoice=record,
            actor=actor,
            at=timezone.now(),
            idempotency_key=f"manual:{key}",
            **values,
        )

    @classmethod
    def is_offered(cls, record: Invoice) -> bool:
        return record.amount_due > 0

    @classmethod
    def may(cls, user: Any, record: Invoice) -> bool:
        return super().may(user, record) and user.has_perm("payments.record_payment")


class RefundForm(OnceForm):
    """Money given back by hand."""

    amount = TypedAmount(label=_("Montant rendu"))
    reason = forms.CharField(label=_("Motif"), max_length=300)
    reference = forms.CharField(
        label=_("Référence du virement ou du transfert"), required=False, max_length=100
    )
    refunded_on = forms.DateField(
        label=_("Rendu le"), widget=AdminDateInput, initial=timezone.localdate
    )


class RefundPayment(RecordAction):
    """Write down money given back to a client, at the bank or in the provider's back-office."""

    name = "rembourser"
    label = _("Noter un remboursement")
    icon_name = "resubmit"
    is_serious = True
    question = _(
        "Rendez d’abord l’argent : cette page ne fait que le noter. La facture redevient due."
    )
    success = _("Remboursement noté.")
    form_class = RefundForm
    refusals = (services.CannotRefund,)

    def perform(self, record: Payment, actor: Any, **values: Any) -> None:
        key = values.pop("key")
        services.record_refund(
            payment=record,
            actor=actor,
            at=timezone.now(),
            idempotency_key=f"manual:{key}",
            **values,
        )

    @classmethod
    def is_offered(cls, record: Payment) -> bool:
        return refundable(record) > 0

    @classmethod
    def may(cls, user: Any, record: Payment) -> bool:
        return super().may(user, record) and user.has_perm("payments.record_payment")


class PaymentViewSet(ReadOnlyViewSet):
    """Every payment received, online or not."""

    model = Payment
    icon = "success"
    menu_label = _("Paiements")
    ordering = "-received_on"
    list_display = [
        TitleColumn(
            "receipt", label=_("Reçu"), url_name="wagtailsnippets_payments_payment:inspect"
        ),
        Column("client", label=_("Client")),
        FrenchDateColumn("received_on", label=_("Reçu le"), sort_key="received_on"),
        MoneyColumn("amount", label=_("Montant")),
        Column("get_method_display", label=_("Moyen")),
        Column("channel", label=_("Opérateur")),
        Column("provider_reference", label=_("Référence")),
        MoneyColumn("amount_unallocated", label=_("À son crédit")),
    ]
    list_filter = ["method", "is_test"]
    search_fields = ["provider_reference", "client__name", "receipt__number"]
    list_export = [
        "received_on",
        "client.name",
        "amount",
        "currency",
        "method",
        "channel",
        "provider_reference",
        "amount_unallocated",
        "receipt.number",
    ]
    money_fields = ("amount", "amount_unallocated")
    inspect_view_fields = [
        "client",
        "amount",
        "amount_unallocated",
        "method",
        "channel",
        "provider",
        "provider_reference",
        "received_on",
        "recorded_at",
        "recorded_by",
        "note",
        "is_test",
    ]
    actions = (RefundPayment,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Payment]:
        return Payment.objects.select_related("client", "receipt").defer("client__search_vector")

    def sections(self, record: Payment, request: HttpRequest) -> list[Section]:
        allocations = record.allocations.select_related("invoice").order_by("pk")
        refunds = record.refunds.order_by("pk")
        return [
            Section(
                title=_("Affectation"),
                headings=[_("Facture"), _("Nature"), _("Montant")],
                rows=[
                    [row.invoice.number, row.get_kind_display(), _money(row.amount, record)]
                    for row in allocations
                ],
                empty=_("Rien n’est affecté : tout est au crédit du client."),
            ),
            Section(
                title=_("Remboursements"),
                headings=[_("Rendu le"), _("Motif"), _("Montant")],
                rows=[
                    [date_long(row.refunded_on), row.reason, _money(row.amount, record)]
                    for row in refunds
                ],
                empty=_("Aucun remboursement."),
            ),
        ]


def _money(amount: int, payment: Payment) -> str:
    return format_amount(amount, payment.currency)


add_action(Invoice, RecordPayment)
menu.add("facturation", PaymentViewSet, order=40)
