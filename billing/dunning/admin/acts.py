"""What a person decides on an unpaid invoice: remind now, hold it, or let it go."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages

from billing.dunning import services
from billing.dunning.models import Dispute, Pause, PaymentPromise
from billing.invoicing.models import Invoice
from core.accounts.models import Client
from core.backoffice.actions import RecordAction, add_action
from core.backoffice.dates import DateInput
from core.ui.formats import date_long


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Motif"), max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )


class PauseForm(forms.Form):
    until = forms.DateField(label=_("Reprendre le"), widget=DateInput)
    reason = forms.CharField(label=_("Motif"), max_length=300)


class PromiseForm(forms.Form):
    promised_for = forms.DateField(label=_("Promis pour le"), widget=DateInput)
    note = forms.CharField(label=_("Par qui, comment"), max_length=300, required=False)


class OutcomeForm(forms.Form):
    outcome = forms.CharField(label=_("Comment il se termine"), max_length=300)


class UnpaidAct(RecordAction):
    """An act on an invoice that is out and not paid."""

    refusals = (services.CannotHold, services.CannotRemind)

    @classmethod
    def is_offered(cls, record: Invoice) -> bool:
        return record.amount_due > 0 and record.due_date is not None


class RemindNow(UnpaidAct):
    name = "relancer"
    label = _("Relancer maintenant")
    icon_name = "mail"
    question = _(
        "Le message de son étape part tout de suite, même un jour non ouvré ou pendant une pause. "
        "Déjà envoyé, il part une fois de plus, au plus une fois par jour."
    )

    def perform(self, record: Invoice, actor: Any, **values: Any) -> None:
        step = services.remind_now(
            invoice=record, on=timezone.localdate(), at=timezone.now(), actor=actor
        )
        messages.success(self.request, _text("Relance envoyée : %(step)s.") % {"step": step})


class NotePromise(UnpaidAct):
    name = "promesse"
    label = _("Noter une promesse de paiement")
    icon_name = "date"
    question = _(
        "Aucune relance ne part avant que ce jour soit passé. Elle remplace la promesse en cours."
    )
    success = _("Promesse notée.")
    form_class = PromiseForm
    is_listed = False

    def perform(self, record: Invoice, actor: Any, **values: Any) -> None:
        services.promise_payment(
            invoice=record,
            on=timezone.localdate(),
            at=timezone.now(),
            actor=actor,
            is_by_client=False,
            **values,
        )


class PauseInvoice(UnpaidAct):
    name = "pause"
    label = _("Mettre en pause")
    icon_name = "time"
    question = _("Cette facture n’est pas relancée avant le jour choisi.")
    success = _("Relances en pause.")
    form_class = PauseForm
    is_listed = False

    def get_initial(self) -> dict[str, Any]:
        return {"until": timezone.localdate() + timedelta(days=7)}

    def perform(self, record: Invoice, actor: Any, **values: Any) -> None:
        services.pause_reminders(
            client=record.client,
            invoice=record,
            on=timezone.localdate(),
            at=timezone.now(),
            actor=actor,
            **values,
        )


class SkipToday(UnpaidAct):
    name = "sauter"
    label = _("Sauter ce soir")
    icon_name = "cross"
    question = _("Le prochain passage l’ignore ; le suivant la relit.")
    success = _("Sautée pour ce passage.")
    is_listed = False

    def perform(self, record: Invoice, actor: Any, **values: Any) -> None:
        services.skip_today(invoice=record, on=timezone.localdate(), at=timezone.now(), actor=actor)


class OpenDispute(UnpaidAct):
    name = "litige"
    label = _("Ouvrir un litige")
    icon_name = "warning"
    question = _("Les relances s’arrêtent jusqu’à la clôture du litige. Le client voit le motif.")
    success = _("Litige ouvert.")
    form_class = ReasonForm
    is_listed = False

    def perform(self, record: Invoice, actor: Any, **values: Any) -> None:
        services.open_dispute(invoice=record, at=timezone.now(), actor=actor, **values)

    @classmethod
    def is_offered(cls, record: Invoice) -> bool:
        return super().is_offered(record) and not _open_dispute(record)


class CloseDispute(RecordAction):
    name = "clore-litige"
    label = _("Clore le litige")
    icon_name = "check"
    question = _("Les relances reprennent au prochain passage. Le client voit ces mots.")
    success = _("Litige clos.")
    form_class = OutcomeForm
    is_listed = False
    refusals = (services.CannotHold,)

    def perform(self, record: Invoice, actor: Any, **values: Any) -> None:
        dispute = _open_dispute(record)
        if dispute is None:
            raise services.CannotHold(_text("Ce litige est déjà clos."))
        services.close_dispute(dispute=dispute, at=timezone.now(), actor=actor, **values)

    @classmethod
    def is_offered(cls, record: Invoice) -> bool:
        return record.is_locked and _open_dispute(record) is not None


class PauseClient(RecordAction):
    name = "pause-relances"
    label = _("Mettre les relances en pause")
    icon_name = "time"
    question = _("Aucune facture de ce client n’est relancée avant le jour choisi.")
    success = _("Relances en pause.")
    form_class = PauseForm
    is_listed = False
    refusals = (services.CannotHold,)

    def perform(self, record: Client, actor: Any, **values: Any) -> None:
        services.pause_reminders(
            client=record,
            invoice=None,
            on=timezone.localdate(),
            at=timezone.now(),
            actor=actor,
            **values,
        )


class EndPause(RecordAction):
    name = "lever"
    label = _("Lever la pause")
    icon_name = "play"
    question = _("Les relances reprennent au prochain passage.")
    success = _("Pause levée.")

    def perform(self, record: Pause, actor: Any, **values: Any) -> None:
        services.end_pause(pause=record, at=timezone.now(), actor=actor)

    @classmethod
    def is_offered(cls, record: Pause) -> bool:
        return record.ended_at is None and record.until > timezone.localdate()


def promise_text(promise: PaymentPromise) -> str:
    """Say what was promised and what came of it."""
    return f"{date_long(promise.promised_for)} · {promise.get_state_display()}"


def _open_dispute(invoice: Invoice) -> Dispute | None:
    return Dispute.objects.filter(invoice=invoice, closed_at=None).first()


for _act in (RemindNow, NotePromise, PauseInvoice, SkipToday, OpenDispute, CloseDispute):
    add_action(Invoice, _act)
add_action(Client, PauseClient)
