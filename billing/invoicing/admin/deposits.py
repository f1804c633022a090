"""The buttons of deposits: which ones a draft takes off, and the final invoice after one."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from billing.invoicing import services
from billing.invoicing.models import Invoice
from core.backoffice.actions import RecordAction
from core.money import format_amount
from core.ui.formats import date_long


class DepositChoice(forms.ModelMultipleChoiceField):
    """Deposits, each with its day, its subject and its amount."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, deposit: Invoice) -> str:  # type: ignore[override]
        amount = format_amount(deposit.total, deposit.currency)
        day = date_long(deposit.issue_date) if deposit.issue_date else ""
        return f"{deposit.number} · {day} · {deposit.subject} · {amount}"


class DepositForm(forms.Form):
    """Which deposits are taken off."""

    deposits = DepositChoice(
        label=_("Acomptes à déduire"), queryset=Invoice.objects.none(), required=False
    )


class ChooseDeposits(RecordAction):
    name = "deposits"
    label = _("Déduire des acomptes")
    icon_name = "minus"
    permission = "change"
    is_listed = False
    question = _("Une facture qui déduit un acompte devient une facture de solde.")
    success = _("Acomptes déduits : relisez le net à payer.")
    form_class = DepositForm

    def get_initial(self) -> dict[str, Any]:
        return {"deposits": list(self.object.deductions.values_list("deposit", flat=True))}

    def get_form(self, form_class: Any = None) -> forms.Form:
        form = super().get_form(form_class)
        form.fields["deposits"].queryset = _rows(services.open_deposits_for(self.object))
        return form

    def perform(self, record: Invoice, actor: Any, **values: Any) -> None:
        try:
            services.choose_deposits(invoice=record, deposits=list(values["deposits"]), actor=actor)
        except services.CannotDeposit as refusal:
            raise ValidationError(refusal.message) from refusal

    @classmethod
    def is_offered(cls, record: Invoice) -> bool:
        return record.status == Invoice.Status.DRAFT and record.kind != Invoice.Kind.DEPOSIT


class MakeFinal(RecordAction):
    name = "final"
    label = _("Créer la facture de solde")
    icon_name = "doc-full"
    permission = "add"
    is_listed = False
    question = _(
        "Un brouillon de facture déduit cet acompte ; celui d’un devis reprend ses lignes."
    )
    success = _("Brouillon de facture de solde créé.")

    def perform(self, record: Invoice, actor: Any, **values: Any) -> Invoice:
        try:
            if record.quote_id:
                return services.create_final(quote=record.quote, actor=actor)
            return services.create_final(client=record.client, deposits=[record], actor=actor)
        except services.CannotDeposit as refusal:
            raise ValidationError(refusal.message) from refusal

    def get_record_url(self, done: Any = None) -> str:
        if done is None:
            return super().get_record_url()
        return reverse(self.edit_url_name, args=[done.pk])

    @classmethod
    def is_offered(cls, record: Invoice) -> bool:
        return record.status == Invoice.Status.ISSUED and record.kind == Invoice.Kind.DEPOSIT


def _rows(deposits: list[Invoice]) -> QuerySet[Invoice]:
    keys = [deposit.pk for deposit in deposits]
    return Invoice.objects.filter(pk__in=keys).order_by("issue_date", "pk")
