"""Writing down money received by hand: on one invoice, or on several of a client, or ahead."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _

from billing.invoicing.models import Invoice
from billing.payments import services
from billing.payments.models import Payment, PaymentMethod
from billing.payments.screens.fields import (
    SlipForm,
    TypedAmount,
    figures,
    link_to_payment,
    take_slip,
)
from billing.payments.sharing import spread
from core.accounts.models import Client
from core.backoffice.actions import RecordAction, add_action
from core.money import CURRENCIES, format_amount

MOST_INVOICES = 40  # proposed in the form, oldest first
OLDEST, CHOSEN, AHEAD = "oldest", "chosen", "ahead"


class PaymentForm(SlipForm):
    """Money that came outside the portal, for one invoice."""

    amount = TypedAmount(label=_("Montant reçu"), help_text=_("Le surplus reste à son crédit."))
    method = forms.ChoiceField(label=_("Moyen"), choices=PaymentMethod.choices)

    field_order = ["key", "amount", "method", "reference", "received_on", "account"]


class ClientPaymentForm(SlipForm):
    """Money of a client, for several invoices, or ahead of any."""

    amount = TypedAmount(label=_("Montant reçu"))
    currency = forms.ChoiceField(label=_("Devise"))
    method = forms.ChoiceField(label=_("Moyen"), choices=PaymentMethod.choices)
    spread = forms.ChoiceField(
        label=_("Répartition"),
        widget=forms.RadioSelect,
        initial=OLDEST,
        choices=[
            (OLDEST, _("Sur les factures dues, de la plus ancienne à la plus récente")),
            (CHOSEN, _("Selon les parts saisies plus bas, le reste à son crédit")),
            (AHEAD, _("Avance : tout à son crédit")),
        ],
    )
    field_order = ["key", "amount", "currency", "method", "spread", "reference", "received_on"]

    def __init__(self, *args: Any, invoices: list[Invoice], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.invoices = invoices
        found = {invoice.currency: None for invoice in invoices}
        codes = [kwargs.get("currency", "XOF"), *found]
        self.fields["currency"].choices = [(code, code) for code in dict.fromkeys(codes)]
        self.fields["currency"].initial = codes[0]
        for invoice in invoices:
            self.fields[f"part_{invoice.pk}"] = self._part_of(invoice)

    def _part_of(self, invoice: Invoice) -> TypedAmount:
        due = format_amount(invoice.amount_due, invoice.currency)
        field = TypedAmount(
            label=_text("Part pour %(number)s") % {"number": invoice.number},
            required=False,
            help_text=_text("Reste dû : %(due)s.") % {"due": due},
        )
        field.currency, field.least = invoice.currency, 0
        return field

    def full_clean(self) -> None:
        code = self.data.get("currency") if self.is_bound else None
        if code in CURRENCIES:
            self.fields["amount"].currency = code
        super().full_clean()

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        parts = dict(self._parts(values))
        mine = [row for row in self.invoices if row.currency == values.get("currency")]
        how, amount = values.get("spread"), values.get("amount") or 0
        if how == OLDEST:
            parts = spread(amount, [(row.pk, row.amount_due) for row in mine])
        elif how == AHEAD:
            parts = {}
        elif how == CHOSEN and not parts:
            self.add_error("spread", _("Saisissez au moins une part, ou choisissez autrement."))
        values["shares"] = parts
        return values

    def _parts(self, values: dict[str, Any]) -> Iterator[tuple[int, int]]:
        for invoice in self.invoices:
            part = values.pop(f"part_{invoice.pk}", None)
            if part:
                yield invoice.pk, part


class Recording(RecordAction):
    """The base of both forms: what is refused is said in the form, and what was typed stays."""

    icon_name = "plus"
    is_main = True
    success = _("Paiement enregistré.")

    def record(self, actor: Any, values: dict[str, Any], **facts: Any) -> Payment:
        """Write the payment down.

        :raises ValidationError: with the refusal of the service, for the form.
        """
        key, slip = values.pop("key"), take_slip(values)
        try:
            return services.record_payment(
                actor=actor,
                at=timezone.now(),
                idempotency_key=f"manual:{key}",
                slip=slip,
                **values,
                **facts,
            )
        except services.ReferenceUsed as refusal:
            raise forms.ValidationError(link_to_payment(refusal.payment)) from refusal
        except services.CannotRecord as refusal:
            raise forms.ValidationError(refusal.message) from refusal

    @classmethod
    def may(cls, user: Any, record: Any) -> bool:
        return super().may(user, record) and user.has_perm("payments.record_payment")


class RecordPayment(Recording):
    """Write down money received for an invoice: cash, transfer, cheque, Mobile Money."""

    name = "enregistrer-paiement"
    label = _("Enregistrer un paiement")
    question = _("La facture sera créditée et un reçu numéroté partira au client.")
    form_class = PaymentForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "currency": self.object.currency}

    def get_initial(self) -> dict[str, Any]:
        due = figures([("amount", self.object.amount_due)], self.object.currency)
        return {**super().get_initial(), **due}

    def perform(self, record: Invoice, actor: Any, **values: Any) -> Payment:
        return self.record(actor, values, client=record.client, invoice=record)

    @classmethod
    def is_offered(cls, record: Invoice) -> bool:
        return record.amount_due > 0


class RecordClientPayment(Recording):
    """Write down money of a client for several invoices at once, or ahead of any."""

    name = "enregistrer-paiement"
    label = _("Enregistrer un paiement")
    question = _("Un seul reçu part au client, quel que soit le nombre de factures payées.")
    form_class = ClientPaymentForm
    is_listed = False

    def get_form_kwargs(self) -> dict[str, Any]:
        invoices = open_invoices(self.object)
        currency = self.object.currency
        return {**super().get_form_kwargs(), "currency": currency, "invoices": invoices}

    def perform(self, record: Client, actor: Any, **values: Any) -> Payment:
        values.pop("spread")
        return self.record(actor, values, client=record, invoice=None)

    @classmethod
    def may(cls, user: Any, record: Client) -> bool:
        return user.has_perm("payments.record_payment") and user.has_perm("accounts.view_client")

    def user_has_permission(self, permission: str) -> bool:
        return bool(self.request.user.has_perm("payments.record_payment"))


def open_invoices(client: Client) -> list[Invoice]:
    """Return what a client still has to pay, the oldest due first."""
    rows = Invoice.objects.unpaid().filter(client=client, company_id=client.company_id)
    return list(rows.order_by(F("due_date").asc(nulls_last=True), "pk")[:MOST_INVOICES])


def is_shown(request: HttpRequest) -> bool:
    """Tell whether the person may write payments down."""
    return bool(request.user.has_perm("payments.record_payment"))


add_action(Invoice, RecordPayment)
add_action(Client, RecordClientPayment)
