"""What may be said of a line of a statement."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _

from billing.invoicing.models import Invoice
from billing.payments.models import Payment
from billing.payments.services.refusal import Refusal
from billing.treasury import queries, services
from billing.treasury.models import StatementLine
from billing.treasury.services.matching import left_of
from core.accounts.models import Client
from core.backoffice.actions import RecordAction
from core.backoffice.choosers import RecordChooser
from core.money import format_amount


class LineAct(RecordAction):
    """An act on a line, for whoever writes payments down; a refusal is said in the form."""

    is_listed = False
    states: tuple[str, ...] = (StatementLine.State.OPEN,)
    needs_money = True

    def form_valid(self, form: forms.Form) -> HttpResponse:
        try:
            return super().form_valid(form)
        except Refusal as refusal:
            form.add_error(None, refusal.message)
            return self.form_invalid(form)

    @classmethod
    def is_offered(cls, record: StatementLine) -> bool:
        return record.state in cls.states and (record.amount > 0 or not cls.needs_money)

    @classmethod
    def may(cls, user: Any, record: StatementLine) -> bool:
        return cls.is_offered(record) and user.has_perm("payments.record_payment")

    def user_has_permission(self, permission: str) -> bool:
        return bool(self.request.user.has_perm("payments.record_payment"))


class ConfirmLine(LineAct):
    """Match a line with what is proposed."""

    name = "confirmer"
    label = _("Confirmer la proposition")
    success = _("Ligne rapprochée.")

    @property
    def question(self) -> str:  # type: ignore[override]
        found = queries.proposals([self.object])
        if not found:
            return _text("Rien ne ressemble à cette ligne : rapprochez-la à la main.")
        reasons = ", ".join(_text(reason) for reason in found[0].reasons)
        names = " · ".join(name for name in found[0].money.names if name)
        return _text("%(names)s : %(reasons)s (%(score)s sur 100).") % {
            "names": names or found[0].money.reference,
            "reasons": reasons,
            "score": found[0].score,
        }

    def perform(self, record: StatementLine, actor: Any, **values: Any) -> None:
        found = queries.proposals([record])
        if not found:
            raise services.CannotMatch(_text("Rien n’est proposé pour cette ligne."))
        services.confirm_proposal(
            line=record,
            kind=found[0].money.kind,
            money_id=found[0].money.key,
            actor=actor,
            at=timezone.now(),
        )


class PaymentsForm(forms.Form):
    """The payments a line is."""

    payments = forms.ModelMultipleChoiceField(
        Payment.objects.none(), label=_("Paiements"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, line: StatementLine, **kwargs: Any):
        super().__init__(*args, **kwargs)
        around = queries.AROUND
        first, last = line.booked_on - around, line.booked_on + around
        rows = queries.unmatched_payments(line.account, first, last)[:200]
        field: Any = self.fields["payments"]
        ids = [row.pk for row in rows]
        field.queryset = Payment.objects.filter(pk__in=ids).select_related("client", "receipt")
        field.label_from_instance = lambda row: (
            _text("%(client)s, %(payment)s, reste %(left)s")
            % {
                "client": row.client.name,
                "payment": row,
                "left": format_amount(left_of(row), row.currency),
            }
        )


class MatchLine(LineAct):
    """Match a line with one or several payments, by hand."""

    name = "rapprocher"
    label = _("Rapprocher à la main")
    question = _(
        "Choisissez les paiements qui font cette ligne : plusieurs, s’ils sont arrivés ensemble. "
        "Un paiement arrivé en plusieurs fois se choisit sur chaque ligne."
    )
    success = _("Ligne rapprochée.")
    form_class = PaymentsForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "line": self.object}

    def perform(self, record: StatementLine, actor: Any, **values: Any) -> None:
        left, parts = record.amount, []
        for payment in values["payments"].order_by("received_on", "pk"):
            taken = min(left, left_of(payment))
            if taken > 0:
                parts.append(services.Part(payment, taken))
                left -= taken
        services.match_line(line=record, parts=parts, actor=actor, at=timezone.now())


class NewPaymentForm(forms.Form):
    """Whose money it is."""

    client = forms.ModelChoiceField(
        Client.objects.all(), label=_("Client"), widget=RecordChooser(Client, icon="group")
    )
    invoice = forms.ModelChoiceField(
        Invoice.objects.unpaid(),
        label=_("Facture"),
        required=False,
        widget=RecordChooser(Invoice, icon="doc-full"),
        help_text=_("Vide : une avance, au crédit du client."),
    )


class NewPayment(LineAct):
    """Write the money of a line down."""

    name = "enregistrer"
    label = _("En faire un paiement")
    icon_name = "plus"
    question = _("Le paiement est enregistré et rapproché ; son reçu part au client.")
    success = _("Paiement enregistré et rapproché.")
    form_class = NewPaymentForm

    def perform(self, record: StatementLine, actor: Any, **values: Any) -> None:
        services.create_payment_from_line(line=record, actor=actor, at=timezone.now(), **values)


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("Motif"), max_length=300)


class IgnoreLine(LineAct):
    """Put a line aside."""

    name = "ignorer"
    label = _("Ignorer")
    icon_name = "cross"
    needs_money = False
    question = _("Frais, virement interne, dépense : cette ligne n’est pas un paiement de client.")
    success = _("Ligne ignorée.")
    form_class = ReasonForm

    def perform(self, record: StatementLine, actor: Any, **values: Any) -> None:
        services.ignore_line(line=record, actor=actor, at=timezone.now(), **values)


class ReopenLine(LineAct):
    """Take back what was said."""

    name = "rouvrir"
    label = _("Défaire")
    icon_name = "undo"
    is_serious = True
    needs_money = False
    states = (StatementLine.State.MATCHED, StatementLine.State.IGNORED)
    question = _("La ligne redevient à rapprocher ; les paiements restent.")
    success = _("Ligne à rapprocher de nouveau.")

    def perform(self, record: StatementLine, actor: Any, **values: Any) -> None:
        services.reopen_line(line=record, actor=actor, at=timezone.now())


ACTIONS = (ConfirmLine, MatchLine, NewPayment, IgnoreLine, ReopenLine)
