"""What the team may do about an anomaly, each with its explanation."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from billing.invoicing.models import Invoice
from billing.payments import services
from billing.payments.models import Anomaly
from billing.payments.screens.fields import TypedAmount, figures
from billing.payments.screens.recording import open_invoices
from billing.payments.services import resolving
from billing.payments.services.anomalies import CommentMissing
from core.backoffice.actions import RecordAction

Kind = Anomaly.Kind
EXPLANATIONS = {
    Kind.AMOUNT: _(
        "Le prestataire dit avoir reçu une autre somme que celle demandée. Rien n’est compté. "
        "Vérifiez chez lui, puis acceptez la somme réelle, ou mettez-la au crédit du client."
    ),
    Kind.CURRENCY: _(
        "L’argent est arrivé dans une autre devise. Rien n’est compté. Acceptez sa valeur dans la "
        "devise de la facture, ou mettez-la au crédit du client."
    ),
    Kind.SURPLUS: _(
        "Le client a payé plus que demandé. Le surplus est à son crédit : mettez-le sur une autre "
        "facture, ou rendez-le."
    ),
    Kind.UNALLOCATED: _(
        "L’argent est arrivé sans facture à régler, souvent payée deux fois. Il est au crédit du "
        "client : mettez-le sur une autre facture, ou rendez-le."
    ),
    Kind.CONTRADICTION: _(
        "Le prestataire se contredit, ou sa notification ne dit pas la même chose que sa réponse. "
        "Vérifiez chez lui avant d’accepter le paiement, ou de l’annuler."
    ),
    Kind.UNKNOWN: _(
        "Une transaction que nous n’avons pas lancée. Si l’argent est là, enregistrez-le depuis "
        "la fiche du client, puis classez cette anomalie en disant où il est."
    ),
    Kind.CONFIGURATION: _(
        "Le prestataire refuse nos clés ou notre adresse. Corrigez ses réglages, puis classez."
    ),
    Kind.STALE: _(
        "Le prestataire n’a jamais répondu. Regardez chez lui, puis « Vérifier maintenant » sur la "
        "tentative, ou concluez la demande de remboursement."
    ),
    Kind.REVERSAL: _(
        "Le prestataire a repris l’argent d’un paiement réussi. Annulez le paiement : ses factures "
        "seront de nouveau dues. Classez si l’argent est bien resté."
    ),
    Kind.FAILURES: _(
        "Trop de paiements échouent depuis une heure. L’alerte se ferme seule quand ils passent."
    ),
}
REFUSALS = (
    services.CannotRecord,
    services.CannotRefund,
    services.CannotResolve,
    services.CannotUseCredit,
    services.AlreadyResolved,
    CommentMissing,
)


class CommentForm(forms.Form):
    """What was seen and done."""

    comment = forms.CharField(
        label=_("Ce que vous avez constaté"), widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, anomaly: Anomaly, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.anomaly, self.currency = anomaly, currency_of(anomaly)
        for field in self.fields.values():
            if isinstance(field, TypedAmount):
                field.currency = self.currency


class AmountForm(CommentForm):
    """What really came."""

    amount = TypedAmount(label=_("Montant réellement reçu"))
    field_order = ["amount", "comment"]


class LinkForm(CommentForm):
    """Where the money goes."""

    invoice = forms.ModelChoiceField(Invoice.objects.none(), label=_("Facture"))
    amount = TypedAmount(label=_("Montant à affecter"))
    field_order = ["invoice", "amount", "comment"]

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        field: Any = self.fields["invoice"]
        client = self.anomaly.client
        ids = [invoice.pk for invoice in open_invoices(client)] if client else []
        field.queryset = Invoice.objects.filter(pk__in=ids, currency=self.currency)


class RefundSurplusForm(CommentForm):
    """Money given back beforehand."""

    reference = forms.CharField(label=_("Référence du transfert"), required=False, max_length=100)
    field_order = ["reference", "comment"]


class AnomalyAct(RecordAction):
    """The base of the acts: offered as the facts allow, a refusal is said in the form."""

    act = ""
    is_listed = False
    icon_name = "check"
    form_class: type[forms.Form] = CommentForm
    success = _("Anomalie résolue.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "anomaly": self.object}

    def form_valid(self, form: forms.Form) -> HttpResponse:
        try:
            return super().form_valid(form)
        except REFUSALS as refusal:
            form.add_error(None, refusal.message)
            return self.form_invalid(form)

    @property
    def question(self) -> Any:  # type: ignore[override]
        return EXPLANATIONS[Kind(self.object.kind)]

    @classmethod
    def is_offered(cls, record: Anomaly) -> bool:
        return cls.act in resolving.possible_acts(record)

    @classmethod
    def may(cls, user: Any, record: Anomaly) -> bool:
        rights = ("payments.resolve_anomaly", "payments.record_payment")
        return cls.is_offered(record) and user.has_perms(rights)

    def user_has_permission(self, permission: str) -> bool:
        return bool(self.request.user.has_perm("payments.resolve_anomaly"))


class AcceptMoney(AnomalyAct):
    """Count what came on the invoice."""

    name = "accepter"
    label = _("Accepter comme payé")
    act = resolving.ACCEPT
    form_class = AmountForm
    to_credit = False

    def get_initial(self) -> dict[str, Any]:
        said = resolving.announced_amount(self.object)
        amounts = [("amount", said)] if said else []
        return {**super().get_initial(), **figures(amounts, currency_of(self.object))}

    def perform(self, record: Anomaly, actor: Any, **values: Any) -> None:
        services.accept_money(
            anomaly=record,
            actor=actor,
            at=timezone.now(),
            to_credit=self.to_credit,
            **values,
        )


class MoneyToCredit(AcceptMoney):
    """Keep what came to the client's credit."""

    name = "au-credit"
    label = _("Mettre au crédit du client")
    act = resolving.TO_CREDIT
    to_credit = True


class LinkToInvoice(AnomalyAct):
    """Put the money on another invoice."""

    name = "affecter"
    label = _("Affecter à une facture")
    act = resolving.LINK
    form_class = LinkForm

    def get_initial(self) -> dict[str, Any]:
        payment = resolving.find_payment(self.object)
        amounts = [("amount", payment.amount_unallocated)] if payment else []
        return {**super().get_initial(), **figures(amounts, currency_of(self.object))}

    def perform(self, record: Anomaly, actor: Any, **values: Any) -> None:
        services.link_to_invoice(anomaly=record, actor=actor, at=timezone.now(), **values)


class RefundSurplus(AnomalyAct):
    """Write down that the money was given back."""

    name = "rendre"
    label = _("Noter qu’il a été rendu")
    icon_name = "resubmit"
    is_serious = True
    act = resolving.REFUND
    form_class = RefundSurplusForm

    def perform(self, record: Anomaly, actor: Any, **values: Any) -> None:
        services.refund_surplus(anomaly=record, actor=actor, at=timezone.now(), **values)


class AcceptReversal(AnomalyAct):
    """Undo the payment that the provider took back."""

    name = "annuler-paiement"
    label = _("Annuler le paiement")
    icon_name = "cross"
    is_serious = True
    act = resolving.REVERSE

    def perform(self, record: Anomaly, actor: Any, **values: Any) -> None:
        services.accept_reversal(anomaly=record, actor=actor, at=timezone.now(), **values)


def currency_of(anomaly: Anomaly) -> str:
    """Return the currency of the money an anomaly is about."""
    owner = anomaly.attempt or anomaly.payment
    return owner.currency if owner else "XOF"


ACTIONS = (AcceptMoney, MoneyToCredit, LinkToInvoice, RefundSurplus, AcceptReversal)
