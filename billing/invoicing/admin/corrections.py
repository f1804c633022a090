"""The buttons that correct an invoice: a credit note read first, what is withheld, given up."""

import uuid
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages

from billing.invoicing import services
from billing.invoicing.admin.forms import CancelForm
from billing.invoicing.admin.line_fields import AmountInput
from billing.invoicing.models import Adjustment, Invoice, NumberSeries
from billing.invoicing.models.fields import FigureInput
from billing.invoicing.numbering import preview_number
from billing.invoicing.services.credit_plans import CreditPlan, left_of_lines, shown_lines
from billing.invoicing.services.deductions import left_groups
from billing.invoicing.totals import VatGroup
from core.accounts.models.companies import VatCode
from core.backoffice.actions import RecordAction
from core.backoffice.dates import DateInput
from core.files.forms import AttachmentsField
from core.money import format_amount, format_number, format_percent

Kind = Adjustment.Kind


class CreditForm(CancelForm):
    """What of an invoice is credited: units of its lines, amounts per VAT rate, or both."""

    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, invoice: Invoice, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.invoice = invoice
        self.lines = shown_lines(left_of_lines(invoice)) if _has_own_lines(invoice) else []
        self.groups = [group for group in left_groups(invoice) if group.base]
        for share in self.lines:
            left = f"{format_number(share.quantity.normalize())} {share.line.unit}".rstrip()
            self.fields[f"line_{share.line.pk}"] = FigureInput(
                label=share.line.label,
                required=False,
                min_value=0,
                max_digits=12,
                decimal_places=3,
                help_text=_text("Quantité à créditer, sur %(left)s. HT restant : %(net)s.")
                % {
                    "left": left,
                    "net": format_amount(share.net, invoice.currency),
                },
            )
        for rank, group in enumerate(self.groups):
            self.fields[f"rate_{rank}"] = AmountInput(
                currency=invoice.currency,
                label=_text("Montant HT à créditer, %(rate)s") % {"rate": _rate_name(group)},
                help_text=_text("Reste : %(left)s HT.")
                % {"left": format_amount(group.base, invoice.currency)},
            )
        self.order_fields([*(name for name in self.fields if name != "reason"), "reason"])

    @property
    def asked(self) -> dict[str, Any]:
        """Return what is typed, as the service takes it; nothing typed is all that is left."""
        cleaned = self.cleaned_data
        quantities = {
            share.line.pk: cleaned[f"line_{share.line.pk}"]
            for share in self.lines
            if cleaned.get(f"line_{share.line.pk}")
        }
        bases = {
            group.key: cleaned[f"rate_{rank}"]
            for rank, group in enumerate(self.groups)
            if cleaned.get(f"rate_{rank}")
        }
        return {"quantities": quantities, "bases": bases} if quantities or bases else {}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self.plan: CreditPlan | None = None
        if not self.errors:
            try:
                self.plan = services.plan_credit(self.invoice, **self.asked)
            except services.CannotCredit as refusal:
                self.add_error(None, refusal.message)
        return cleaned


class CreditInvoice(RecordAction):
    """A credit note, in full or in part: it is computed and read before it is issued."""

    name = "credit"
    label = _("Faire un avoir")
    icon_name = "minus"
    permission = "cancel"
    question = _("Rien de saisi : tout ce qui reste. Un avoir émis ne peut pas être repris.")
    form_class = CreditForm
    template_name = "billing/invoicing/admin/credit.html"
    is_listed = False

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "invoice": self.object}

    def form_valid(self, form: CreditForm) -> HttpResponse:  # type: ignore[override]
        if "confirm" not in self.request.POST:
            return self._show(form)
        return super().form_valid(form)

    def _show(self, form: CreditForm) -> HttpResponse:
        """Show what the credit note would be; nothing is done yet."""
        plan = form.plan
        assert plan is not None  # noqa: S101  a valid form has one
        form.data = form.data.copy()
        form.data["seen"] = str(plan.asked)
        on = timezone.localdate()
        number = preview_number(
            company=self.object.company, prefix=NumberSeries.Prefix.CREDIT_NOTE, on=on
        )
        return self.render_to_response(
            self.get_context_data(form=form, plan=_plan_rows(plan), number=number, on=on)
        )

    def perform(self, record: Invoice, actor: Any, **values: Any) -> Any:
        form = self.get_form()
        form.full_clean()
        try:
            note = services.issue_credit_note(
                invoice=record,
                reason=values["reason"],
                on=timezone.localdate(),
                at=timezone.now(),
                actor=actor,
                seen=values["seen"],
                **form.asked,
            )
        except services.CannotCredit as refusal:
            raise ValidationError(refusal.message) from refusal
        messages.success(self.request, _text("Avoir %(number)s émis.") % {"number": note.number})

    @classmethod
    def is_offered(cls, record: Invoice) -> bool:
        return record.status == Invoice.Status.ISSUED


class CancelInvoice(RecordAction):
    name = "cancel"
    label = _("Annuler par un avoir")
    icon_name = "cross"
    permission = "cancel"
    is_serious = True
    question = _("Un avoir de tout ce qui reste sera émis. La facture ne sera plus à régler.")
    form_class = CancelForm
    refusals = (services.CannotCredit,)

    def perform(self, record: Invoice, actor: Any, **values: Any) -> Any:
        note = services.cancel_invoice(
            invoice=record,
            reason=values["reason"],
            on=timezone.localdate(),
            at=timezone.now(),
            actor=actor,
        )
        messages.success(
            self.request, _text("Facture annulée par l’avoir %(number)s.") % {"number": note.number}
        )

    @classmethod
    def is_offered(cls, record: Invoice) -> bool:
        return record.status == Invoice.Status.ISSUED and record.amount_paid == 0


class AdjustForm(forms.Form):
    """By how much an invoice is lowered, since when, and why. `key` counts a double click once."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    dated_on = forms.DateField(label=_("Date"), widget=DateInput)
    reason = forms.CharField(label=_("Motif"), max_length=300)
    files = AttachmentsField(label=_("Pièce justificative"), most=1)


class CertificateForm(AdjustForm):
    """The certificate of a withholding: its reference, its date, the amount paid to the State."""

    reference = forms.CharField(label=_("Référence de l’attestation"), max_length=100)
    reason = forms.CharField(label=_("Note"), max_length=300, required=False)
    field_order = ["key", "amount", "reference", "dated_on", "files", "reason"]


class Adjust(RecordAction):
    """Lowers what an invoice waits for, without money and without correcting it."""

    permission = "adjust"
    form_class = AdjustForm
    kind = ""
    is_listed = False

    def get_initial(self) -> dict[str, Any]:
        return {"dated_on": timezone.localdate(), "amount": self.most()}

    def most(self) -> int:
        """Return the largest amount that makes sense, in units of the invoice's currency."""
        return self.object.amount_due

    def get_form(self, form_class: Any = None) -> forms.Form:
        form = super().get_form(form_class)
        form.fields["amount"] = AmountInput(
            currency=self.object.currency,
            label=_text("Montant"),
            required=True,
            help_text=_text("Au plus %(most)s.")
            % {"most": format_amount(self.most(), self.object.currency)},
        )
        form.order_fields(["key", "amount", "reference", "dated_on", "files", "reason"])
        return form

    def perform(self, record: Invoice, actor: Any, **values: Any) -> None:
        try:
            services.record_adjustment(
                invoice=record,
                kind=self.kind,
                amount=values["amount"],
                reason=values["reason"],
                reference=values.get("reference", ""),
                files=values["files"],
                dated_on=values["dated_on"],
                on=timezone.localdate(),
                at=timezone.now(),
                actor=actor,
                idempotency_key=values["key"].hex,
            )
        except services.CannotAdjust as refusal:
            raise ValidationError(refusal.message) from refusal

    @classmethod
    def is_offered(cls, record: Invoice) -> bool:
        return record.amount_due > 0


class CertifyWithholding(Adjust):
    name = "certificate"
    label = _("Noter une attestation de retenue")
    icon_name = "doc-full-inverse"
    question = _("Le client a reversé cette somme à l’État : elle ne lui est plus demandée.")
    success = _("Attestation enregistrée.")
    form_class = CertificateForm
    kind = Kind.WITHHELD

    def most(self) -> int:
        return min(self.object.amount_due, self.object.withheld_left)

    @classmethod
    def is_offered(cls, record: Invoice) -> bool:
        return record.amount_due > 0 and record.withheld_left > 0


class WriteOff(Adjust):
    name = "loss"
    label = _("Passer en perte")
    icon_name = "bin"
    is_serious = True
    question = _("La somme ne sera plus réclamée au client. Cela peut s’annuler.")
    success = _("Perte enregistrée.")
    kind = Kind.WRITE_OFF


class NoteExchange(Adjust):
    name = "exchange"
    label = _("Noter un écart de change")
    icon_name = "rotate"
    question = _("Ce que le cours du jour du paiement a laissé de cette facture en devise.")
    success = _("Écart enregistré.")
    kind = Kind.EXCHANGE

    @classmethod
    def is_offered(cls, record: Invoice) -> bool:
        return record.amount_due > 0 and record.currency != record.company.currency


class UndoForm(forms.Form):
    """Which adjustment is undone, and why."""

    adjustment = forms.ModelChoiceField(label=_("Ajustement"), queryset=Adjustment.objects.none())
    reason = forms.CharField(label=_("Motif"), max_length=300)


class UndoAdjustment(RecordAction):
    name = "unadjust"
    label = _("Annuler un ajustement")
    icon_name = "undo"
    permission = "adjust"
    is_listed = False
    question = _("La somme redevient due. L’historique garde les deux lignes.")
    success = _("Ajustement annulé.")
    form_class = UndoForm

    def get_form(self, form_class: Any = None) -> forms.Form:
        form = super().get_form(form_class)
        rows = Adjustment.objects.filter(invoice=self.object, undoes=None, undone_by=None)
        form.fields["adjustment"].queryset = rows.select_related("invoice")
        return form

    def perform(self, record: Invoice, actor: Any, **values: Any) -> None:
        try:
            services.undo_adjustment(
                adjustment=values["adjustment"],
                reason=values["reason"],
                on=timezone.localdate(),
                at=timezone.now(),
                actor=actor,
            )
        except services.CannotAdjust as refusal:
            raise ValidationError(refusal.message) from refusal

    @classmethod
    def is_offered(cls, record: Invoice) -> bool:
        return record.status == Invoice.Status.ISSUED and record.amount_adjusted > 0


def _has_own_lines(invoice: Invoice) -> bool:
    """Tell whether the lines of an invoice are what it bills: a final one’s are the whole."""
    return invoice.kind != Invoice.Kind.FINAL


def _rate_name(group: VatGroup) -> str:
    if group.code in VatCode.values:
        return str(VatCode(group.code).label)
    return _text("TVA %(rate)s") % {"rate": format_percent(Decimal(group.rate))}


def _plan_rows(plan: CreditPlan) -> dict[str, Any]:
    """Return what a credit note would be, in words and figures."""
    currency = plan.invoice.currency

    def money(amount: int) -> str:
        return format_amount(amount, currency)

    rows = [(_text("Total hors taxes"), money(plan.net))]
    rows += [(_rate_name(group), money(group.vat)) for group in plan.groups]
    rows += [(tax.title, money(tax.amount)) for tax in plan.taxes if tax.is_added]
    rows.append((_text("Total de l’avoir"), money(plan.asked)))
    rows.append((_text("Restera à régler sur la facture"), money(plan.due_after)))
    if plan.surplus:
        rows.append((_text("Déjà payé, gardé au crédit du client"), money(plan.surplus)))
    return {"rows": rows, "asked": plan.asked}
