"""Money given back or taken off invoices, and cheques on their way."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.permissions import register_permission_policy

from billing.invoicing.models import CreditNote, Invoice
from billing.invoicing.services import CannotCredit
from billing.payments import services
from billing.payments.models import Payment, RefundOrder
from billing.payments.screens.fields import OnceForm, TypedAmount, figures
from billing.payments.services.credit import money_on
from billing.payments.services.refunds import CHEQUE_MOVES, held_by_orders
from core.access.policies import ReadOnlyPolicy
from core.backoffice import menu
from core.backoffice.actions import RecordAction
from core.backoffice.columns import MomentColumn, StatusColumn, StatusLook
from core.backoffice.dates import DateInput
from core.backoffice.viewsets import ReadOnlyViewSet

register_permission_policy(RefundOrder, ReadOnlyPolicy(RefundOrder))

State = RefundOrder.State
LOOKS = {
    State.ASKED: StatusLook("half", "now"),
    State.UNCERTAIN: StatusLook("late", "warn"),
    State.DONE: StatusLook("done", "ok"),
    State.REFUSED: StatusLook("cancel", "bad"),
}


class MoneyAction(RecordAction):
    """An act on money for whoever writes payments down; a refusal is said in the form."""

    refusals_in_form: tuple[type[Exception], ...] = (services.CannotRefund, CannotCredit)

    def form_valid(self, form: forms.Form) -> HttpResponse:
        try:
            return super().form_valid(form)
        except self.refusals_in_form as refusal:
            form.add_error(None, getattr(refusal, "message", "") or str(refusal))
            return self.form_invalid(form)

    @classmethod
    def may(cls, user: Any, record: Any) -> bool:
        return super().may(user, record) and user.has_perm("payments.record_payment")


class WithNoteForm(OnceForm):
    """Money to give back, and what becomes of the invoice."""

    amount = TypedAmount(label=_("Montant rendu"))
    reason = forms.CharField(label=_("Motif"), max_length=300)
    with_credit_note = forms.BooleanField(
        label=_("Établir un avoir du même montant"),
        required=False,
        help_text=_("Sans avoir, la facture redevient due. Avec, elle est corrigée."),
    )


class RefundForm(WithNoteForm):
    """Money given back by hand."""

    credit_note = forms.ModelChoiceField(
        CreditNote.objects.none(), label=_("Avoir existant"), required=False
    )
    reference = forms.CharField(
        label=_("Référence du virement ou du transfert"), required=False, max_length=100
    )
    refunded_on = forms.DateField(label=_("Rendu le"), widget=DateInput, initial=timezone.localdate)

    def __init__(self, *args: Any, payment: Payment, **kwargs: Any):
        super().__init__(*args, **kwargs)
        notes = CreditNote.objects.filter(
            status=CreditNote.Status.ISSUED, invoice__allocations__payment=payment
        )
        field: Any = self.fields["credit_note"]
        field.queryset = notes.distinct().order_by("-pk")

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("with_credit_note") and values.get("credit_note"):
            self.add_error("credit_note", _("Un avoir existant, ou un nouveau : pas les deux."))
        return values


class RefundPayment(MoneyAction):
    """Write down money given back to a client, at the bank or in the provider's back-office."""

    name = "rembourser"
    label = _("Noter un remboursement")
    icon_name = "resubmit"
    is_serious = True
    question = _(
        "Rendez d’abord l’argent : cette page ne fait que le noter. Le client est prévenu."
    )
    success = _("Remboursement noté.")
    form_class = RefundForm

    def get_form_kwargs(self) -> dict[str, Any]:
        payment = self.object
        return {**super().get_form_kwargs(), "currency": payment.currency, "payment": payment}

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
        return services.refundable(record) > held_by_orders(record)


class OrderRefund(MoneyAction):
    """Have the provider give the money back."""

    name = "rembourser-en-ligne"
    label = _("Rembourser par le prestataire")
    icon_name = "resubmit"
    is_serious = True
    is_listed = False
    question = _(
        "La demande part tout de suite au prestataire, une seule fois. Le client est prévenu."
    )
    form_class = WithNoteForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "currency": self.object.currency}

    def get_initial(self) -> dict[str, Any]:
        left = services.refundable(self.object)
        return {**super().get_initial(), **figures([("amount", left)], self.object.currency)}

    def perform(self, record: Payment, actor: Any, **values: Any) -> None:
        key = values.pop("key")
        order = services.order_refund(
            payment=record, actor=actor, at=timezone.now(), idempotency_key=f"ask:{key}", **values
        )
        self.order = order

    def get_success_text(self) -> str:
        return f"{self.order.get_state_display()}. {self.order.answer}".strip()

    success = _("Demande envoyée.")

    @classmethod
    def is_offered(cls, record: Payment) -> bool:
        return (
            record.attempt_id is not None
            and services.refundable(record) > 0
            and services.refund_power(record) in ("full", "partial")
        )


class ReleaseForm(OnceForm):
    """What leaves which invoice, and why."""

    invoice = forms.ModelChoiceField(Invoice.objects.none(), label=_("Facture"))
    amount = TypedAmount(label=_("Montant à désaffecter"))
    reason = forms.CharField(label=_("Motif"), max_length=300)

    def __init__(self, *args: Any, payment: Payment, **kwargs: Any):
        super().__init__(*args, **kwargs)
        field: Any = self.fields["invoice"]
        field.queryset = Invoice.objects.filter(allocations__payment=payment).distinct()
        field.label_from_instance = lambda invoice: (
            _text("%(number)s : %(money)s")
            % {
                "number": invoice.number,
                "money": money_on(payment, invoice.pk)[0],
            }
        )


class ReleasePayment(MoneyAction):
    """Take money off an invoice, back to the client's credit."""

    name = "desaffecter"
    label = _("Désaffecter d’une facture")
    icon_name = "undo"
    is_listed = False
    question = _("L’argent revient au crédit du client ; la facture est due d’autant.")
    success = _("Argent remis au crédit du client.")
    form_class = ReleaseForm
    refusals_in_form = (services.CannotRelease,)

    def get_form_kwargs(self) -> dict[str, Any]:
        payment = self.object
        return {**super().get_form_kwargs(), "currency": payment.currency, "payment": payment}

    def perform(self, record: Payment, actor: Any, **values: Any) -> None:
        values.pop("key")
        services.release_allocation(payment=record, actor=actor, at=timezone.now(), **values)

    @classmethod
    def is_offered(cls, record: Payment) -> bool:
        return services.refundable(record) > record.amount_unallocated


class ChequeForm(forms.Form):
    """Where a cheque stands now."""

    state = forms.ChoiceField(label=_("Le chèque est maintenant"))
    on = forms.DateField(label=_("Le"), widget=DateInput, initial=timezone.localdate)
    reason = forms.CharField(
        label=_("Motif"), required=False, max_length=300, help_text=_("Nécessaire s’il est impayé.")
    )

    def __init__(self, *args: Any, payment: Payment, **kwargs: Any):
        super().__init__(*args, **kwargs)
        moves = CHEQUE_MOVES.get(Payment.Cheque(payment.cheque_state), ())
        field: Any = self.fields["state"]
        field.choices = [(move.value, move.label) for move in moves]


class MoveCheque(MoneyAction):
    """Follow a cheque: at the bank, cashed, or bounced."""

    name = "cheque"
    label = _("Suivre le chèque")
    icon_name = "history"
    question = _("Un chèque impayé annule le paiement : ses factures sont de nouveau dues.")
    success = _("Chèque suivi.")
    form_class = ChequeForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "payment": self.object}

    def perform(self, record: Payment, actor: Any, **values: Any) -> None:
        services.move_cheque(payment=record, actor=actor, at=timezone.now(), **values)

    @classmethod
    def is_offered(cls, record: Payment) -> bool:
        return record.cheque_state not in ("", Payment.Cheque.BOUNCED)


class OrderEndForm(forms.Form):
    """What was found out at the provider."""

    has_left = forms.TypedChoiceField(
        label=_("Chez le prestataire, l’argent"),
        widget=forms.RadioSelect,
        choices=[("1", _("est parti")), ("0", _("n’est pas parti"))],
        coerce=lambda value: value == "1",
    )
    reference = forms.CharField(label=_("Sa référence"), required=False, max_length=100)


class EndOrder(MoneyAction):
    """Say what became of a refund whose answer was never heard."""

    name = "conclure"
    label = _("Dire ce qu’il en est")
    question = _("Regardez d’abord dans le back-office du prestataire : rien n’est redemandé.")
    success = _("Demande conclue.")
    form_class = OrderEndForm

    def perform(self, record: RefundOrder, actor: Any, **values: Any) -> None:
        services.end_refund_order(order=record, actor=actor, at=timezone.now(), **values)

    @classmethod
    def is_offered(cls, record: RefundOrder) -> bool:
        return record.state in RefundOrder.OPEN

    @classmethod
    def may(cls, user: Any, record: Any) -> bool:
        return cls.is_offered(record) and user.has_perm("payments.record_payment")

    def user_has_permission(self, permission: str) -> bool:
        return bool(self.request.user.has_perm("payments.record_payment"))


class RefundOrderViewSet(ReadOnlyViewSet):
    """Refunds asked of providers, with their answers."""

    model = RefundOrder
    icon = "resubmit"
    menu_label = _("Remboursements demandés")
    ordering = "-asked_at"
    list_display = [
        TitleColumn(
            "amount",
            label=_("Montant"),
            accessor=str,
            url_name="wagtailsnippets_payments_refundorder:inspect",
        ),
        Column("client", label=_("Client")),
        Column("payment", label=_("Paiement")),
        StatusColumn("state", label=_("État"), looks=LOOKS),
        Column("answer", label=_("Réponse")),
        MomentColumn("asked_at", label=_("Demandé"), sort_key="asked_at"),
    ]
    list_filter = ["state"]
    list_export = ["client.name", "payment", "amount", "currency", "reason", "state", "asked_at"]
    money_fields = ("amount",)
    inspect_view_fields = [
        "client",
        "payment",
        "amount",
        "reason",
        "with_credit_note",
        "state",
        "answer",
        "asked_by",
        "asked_at",
        "ended_at",
    ]
    actions = (EndOrder,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[RefundOrder]:
        rows = RefundOrder.objects.select_related("client", "payment")
        return rows.defer("client__search_vector")


menu.add("encaissements", RefundOrderViewSet, order=50)
