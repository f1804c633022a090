"""Buttons of an opportunity: where it goes, when we call again, who follows it."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.accounts.models import User
from core.backoffice.actions import RecordAction
from portal.crm import services
from portal.crm.models import Opportunity, PipelineStage
from portal.crm.screens.forms import (
    FollowUpForm,
    LossForm,
    PlanForm,
    StaffChoice,
    StageChoiceForm,
    staff,
)

REFUSED: dict[type[Exception], Any] = {services.CannotMove: "", services.FollowUpRefused: ""}


class SaleAction(RecordAction):
    """A button of an opportunity; a refusal says itself why."""

    refusals = REFUSED

    @classmethod
    def is_offered(cls, record: Opportunity) -> bool:
        return not record.is_closed


class Win(SaleAction):
    """The sale is made."""

    name = "gagner"
    label = _("Gagnée")
    icon_name = "success"
    is_main = True
    question = _("L’opportunité est gagnée : le prospect devient client.")
    success = _("Gagnée. Bravo !")

    def perform(self, record: Opportunity, actor: Any) -> Any:
        to = PipelineStage.objects.filter(is_won=True).order_by("sort_order", "pk").first()
        if to is None:
            raise services.CannotMove(
                str(_("Aucune étape gagnée : créez-en une dans les étapes commerciales."))
            )
        at = timezone.now()
        return services.move_opportunity(opportunity=record, to=to, actor=actor, at=at)


class Lose(SaleAction):
    """The sale is lost, and why."""

    name = "perdre"
    label = _("Perdue")
    icon_name = "cross"
    form_class = LossForm
    success = _("Notée perdue, avec son motif.")

    def perform(self, record: Opportunity, actor: Any, **values: Any) -> Any:
        to = PipelineStage.objects.filter(is_lost=True).order_by("sort_order", "pk").first()
        if to is None:
            raise services.CannotMove(
                str(_("Aucune étape perdue : créez-en une dans les étapes commerciales."))
            )
        at = timezone.now()
        return services.move_opportunity(opportunity=record, to=to, actor=actor, at=at, **values)


class Move(SaleAction):
    """Bring it to another open step."""

    name = "deplacer"
    label = _("Changer d’étape")
    icon_name = "arrow-right-full"
    form_class = StageChoiceForm
    success = _("Étape changée.")

    def get_initial(self) -> dict[str, Any]:
        return {"stage": self.object.stage_id}

    def perform(self, record: Opportunity, actor: Any, *, stage: Any, note: str) -> Any:
        at = timezone.now()
        return services.move_opportunity(
            opportunity=record, to=stage, actor=actor, at=at, note=note
        )


class Reopen(Move):
    """Bring a closed sale back."""

    name = "rouvrir"
    label = _("Rouvrir")
    icon_name = "undo"
    is_main = True
    question = _("Elle revient dans le pipeline ; sa fin reste dans l’historique.")
    success = _("Rouverte.")

    @classmethod
    def is_offered(cls, record: Opportunity) -> bool:
        return record.is_closed

    def get_initial(self) -> dict[str, Any]:
        return {}


class FinishFollowUp(SaleAction):
    """Say that the follow-up was made."""

    name = "relance-faite"
    label = _("Relance faite")
    icon_name = "check"
    is_main = True
    form_class = FollowUpForm
    success = _("Relance notée.")

    @classmethod
    def is_offered(cls, record: Opportunity) -> bool:
        return super().is_offered(record) and record.follow_up_date is not None

    def perform(self, record: Opportunity, actor: Any, **values: Any) -> Any:
        return services.finish_follow_up(
            opportunity=record,
            actor=actor,
            at=timezone.now(),
            on=timezone.localdate(),
            due=record.follow_up_date,
            **values,
        )


class PlanFollowUp(SaleAction):
    """Say when to call again."""

    name = "relancer"
    label = _("Planifier la relance")
    icon_name = "date"
    form_class = PlanForm
    success = _("Relance planifiée.")

    def get_initial(self) -> dict[str, Any]:
        day = self.object.follow_up_date
        is_coming = day is not None and day >= timezone.localdate()
        return {"to": day if is_coming else None, "step": self.object.next_step}

    def perform(self, record: Opportunity, actor: Any, **values: Any) -> Any:
        on = timezone.localdate()
        return services.plan_follow_up(opportunity=record, actor=actor, on=on, **values)


class OwnerForm(forms.Form):
    """Who follows it from now on."""

    owner = StaffChoice(
        label=_("Suivie par"),
        required=False,
        queryset=User.objects.none(),
        empty_label=_("Personne"),
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = staff()


class Assign(RecordAction):
    """Give it to somebody of the team."""

    name = "confier"
    label = _("Confier à…")
    icon_name = "user"
    form_class = OwnerForm
    success = _("C’est noté ; la personne est prévenue.")

    def get_initial(self) -> dict[str, Any]:
        return {"owner": self.object.owner_id}

    def perform(self, record: Opportunity, actor: Any, *, owner: Any) -> Any:
        return services.assign_opportunity(opportunity=record, owner=owner, actor=actor)


ACTIONS = (FinishFollowUp, Win, Lose, Move, Reopen, PlanFollowUp, Assign)
