"""The buttons of a contract."""

from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages

from billing.invoicing.models import Invoice
from billing.invoicing.services import Refused
from billing.sources.admin.forms import PeriodForm, PriceForm, ReasonForm, RedoForm, ResumeForm
from billing.sources.models import RecurringInvoice, RecurringRun
from billing.sources.queries import next_period
from billing.sources.services import plans, recurring
from core.backoffice.actions import RecordAction
from core.ui.formats import date_long


class ContractAction(RecordAction):
    """A button of a contract: whatever a rule refuses is said in its own words."""

    refusals = (Refused,)

    def next_text(self) -> str:
        """Return the days of the next period, in words."""
        period = next_period(self.object)
        if period is None:
            return _text("aucune")
        return _text("du %(start)s au %(end)s") % {
            "start": date_long(period.start),
            "end": date_long(period.end),
        }


class BillNow(ContractAction):
    """Makes the invoice of the next period without waiting for its day."""

    name = "facturer"
    label = _("Émettre maintenant")
    icon_name = "check"
    form_class = PeriodForm

    @property
    def question(self) -> str:  # type: ignore[override]
        outcome = self.object.get_outcome_display()
        text = _text("Période %(period)s, datée d’aujourd’hui. Que faire : %(outcome)s.")
        return text % {"period": self.next_text(), "outcome": outcome.lower()}

    def get_initial(self) -> dict[str, Any]:
        period = next_period(self.object)
        return {"start": period.start if period else None}

    def perform(self, record: RecurringInvoice, actor: Any, **values: Any) -> Invoice:
        run = recurring.bill_now(
            schedule=record,
            start=values["start"],
            on=timezone.localdate(),
            at=timezone.now(),
            actor=actor,
        )
        text = _text("Facture prête : %(invoice)s.")
        messages.success(self.request, text % {"invoice": run.invoice})
        return run.invoice  # type: ignore[return-value]

    def get_record_url(self, done: Any = None) -> str:
        if done is None:
            return super().get_record_url()
        return reverse("wagtailsnippets_invoicing_invoice:inspect", args=[done.pk])

    @classmethod
    def may(cls, user: Any, record: RecurringInvoice) -> bool:
        return super().may(user, record) and user.has_perm("invoicing.issue_invoice")

    @classmethod
    def is_offered(cls, record: RecurringInvoice) -> bool:
        return not is_paused(record)


class PauseContract(ContractAction):
    name = "suspendre"
    label = _("Suspendre")
    icon_name = "no-view"
    question = _("Plus rien n’est facturé jusqu’à la reprise.")
    form_class = ReasonForm
    success = _("Abonnement suspendu.")

    def perform(self, record: RecurringInvoice, actor: Any, **values: Any) -> None:
        plans.pause_schedule(
            schedule=record, reason=values["reason"], on=timezone.localdate(), actor=actor
        )

    @classmethod
    def is_offered(cls, record: RecurringInvoice) -> bool:
        return not is_paused(record)


class ResumeContract(ContractAction):
    name = "reprendre"
    label = _("Reprendre")
    icon_name = "view"
    form_class = ResumeForm
    success = _("Abonnement repris.")

    def perform(self, record: RecurringInvoice, actor: Any, **values: Any) -> None:
        plans.resume_schedule(
            schedule=record,
            bill_missed=values["missed"] == "bill",
            on=timezone.localdate(),
            at=timezone.now(),
            actor=actor,
        )

    @classmethod
    def is_offered(cls, record: RecurringInvoice) -> bool:
        return is_paused(record)


class ChangePrice(ContractAction):
    name = "prix"
    label = _("Changer un prix")
    icon_name = "edit"
    question = _("Les périodes commencées avant gardent l’ancien prix, même pas encore facturées.")
    form_class = PriceForm
    success = _("Nouveau prix enregistré.")
    is_listed = False

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "schedule": self.object}

    def get_initial(self) -> dict[str, Any]:
        period = next_period(self.object)
        return {"start": period.start if period else timezone.localdate()}

    def perform(self, record: RecurringInvoice, actor: Any, **values: Any) -> None:
        plans.change_price(actor=actor, **values)


class SkipPeriod(ContractAction):
    name = "passer"
    label = _("Passer une période")
    icon_name = "arrow-right"
    form_class = ReasonForm
    success = _("Cette période ne sera pas facturée.")
    is_listed = False

    @property
    def question(self) -> str:  # type: ignore[override]
        text = _text("La période %(period)s ne sera pas facturée.")
        return text % {"period": self.next_text()}

    def perform(self, record: RecurringInvoice, actor: Any, **values: Any) -> None:
        plans.skip_period(schedule=record, reason=values["reason"], at=timezone.now(), actor=actor)


class RedoPeriod(ContractAction):
    """Bills again a period passed over, or whose invoice is deleted or cancelled."""

    name = "refaire"
    label = _("Refaire une période")
    icon_name = "rotate"
    question = _("La période sera facturée à la prochaine nuit, ou par « Émettre maintenant ».")
    form_class = RedoForm
    success = _("Cette période est de nouveau à facturer.")
    is_listed = False

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "runs": free_runs(self.object)}

    def perform(self, record: RecurringInvoice, actor: Any, **values: Any) -> None:
        plans.free_period(actor=actor, **values)

    @classmethod
    def is_offered(cls, record: RecurringInvoice) -> bool:
        return free_runs(record).exists()


def is_paused(record: Any) -> bool:
    """Tell whether a contract is in a pause; lists know it already."""
    known = record.__dict__.get("is_paused")
    return plans.open_pause(record) is not None if known is None else known


def free_runs(record: RecurringInvoice) -> QuerySet[RecurringRun]:
    """Return the periods of a contract without a standing invoice, newest first."""
    rows = RecurringRun.objects.filter(schedule=record)
    gone = Q(invoice=None) | Q(invoice__status=Invoice.Status.CANCELLED)
    return rows.filter(gone).order_by("-period_start")
