"""Using a client's credit on an invoice, from its page."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages

from billing.invoicing.models import Invoice
from billing.payments import services
from billing.payments.queries import client_credit
from billing.payments.screens.fields import OnceForm, TypedAmount, figures
from core.backoffice.actions import RecordAction, add_action
from core.money import format_amount


class CreditForm(OnceForm):
    """How much of the credit to use."""

    amount = TypedAmount(label=_("Montant à affecter"))


class UseCredit(RecordAction):
    """Put what the client has paid ahead on this invoice, or a part of it."""

    name = "utiliser-avoir"
    label = _("Utiliser l’avoir disponible")
    icon_name = "resubmit"
    refusals = (services.CannotUseCredit,)
    form_class = CreditForm
    is_listed = False

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "currency": self.object.currency}

    def get_initial(self) -> dict[str, Any]:
        invoice = self.object
        most = min(invoice.amount_due, client_credit(invoice.client_id, invoice.currency))
        return {**super().get_initial(), **figures([("amount", most)], invoice.currency)}

    @property
    def question(self) -> str:  # type: ignore[override]
        invoice = self.object
        credit = client_credit(invoice.client_id, invoice.currency)
        return _text("Avoir disponible : %(credit)s. Reste dû : %(due)s.") % {
            "credit": format_amount(credit, invoice.currency),
            "due": format_amount(invoice.amount_due, invoice.currency),
        }

    def perform(self, record: Invoice, actor: Any, **values: Any) -> None:
        wanted = values["amount"]
        used = services.use_credit(invoice=record, amount=wanted, at=timezone.now(), actor=actor)
        amount = format_amount(used, record.currency)
        messages.success(self.request, _text("%(amount)s affectés.") % {"amount": amount})

    @classmethod
    def is_offered(cls, record: Invoice) -> bool:
        return record.amount_due > 0 and client_credit(record.client_id, record.currency) > 0

    @classmethod
    def may(cls, user: Any, record: Invoice) -> bool:
        return super().may(user, record) and user.has_perm("payments.record_payment")


add_action(Invoice, UseCredit)
