"""Moving sales along the pipeline: one function, whoever asks and from wherever."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from core.accounts.models import Client
from core.audit.log import record
from portal.crm.models import LossReason, Opportunity, PipelineStage, StageMove


class CannotMove(Exception):
    """The opportunity stays where it is; `message` says why."""

    def __init__(self, message: str):
        super().__init__(message)
        self.message = message


class ReasonNeeded(CannotMove):
    """A lost sale says why it is lost."""


@transaction.atomic
def move_opportunity(
    *,
    opportunity: Opportunity,
    to: PipelineStage,
    actor: Any,
    at: datetime,
    seen: str = "",
    reason: LossReason | None = None,
    note: str = "",
) -> Opportunity:
    """Bring an opportunity to another step, and keep who moved it, when and from where.

    `seen` is the version that the person saw; empty means that it does not matter. A won sale
    makes a client of its prospect. A sale that comes back from won or lost is open again.

    :raises CannotMove: if somebody changed it since it was seen.
    :raises ReasonNeeded: if it is lost without a reason.
    """
    row = Opportunity.objects.select_for_update().get(pk=opportunity.pk)
    _refuse_stale(row, seen)
    if row.stage_id == to.pk:
        return row
    if to.is_lost and reason is None:
        raise ReasonNeeded(
            _("« %(title)s » : dites d’abord pourquoi elle est perdue.") % {"title": row.title}
        )
    former = row.stage
    _keep_move(row, former, to, actor=actor, at=at, note=note)
    _write(row, former, to, at=at, reason=reason, note=note)
    if to.is_won:
        _make_client(row.client_id)
    record(
        _act(former, to),
        row,
        actor=actor,
        changes={"stage": [former.name, to.name]},
        reason=reason.name if reason else "",
    )
    return row


def _refuse_stale(row: Opportunity, seen: str) -> None:
    if seen and seen != str(row.version):
        raise CannotMove(
            _("« %(title)s » a changé entre-temps : voici où elle en est.") % {"title": row.title}
        )


def _write(
    row: Opportunity,
    former: PipelineStage,
    to: PipelineStage,
    *,
    at: datetime,
    reason: LossReason | None,
    note: str,
) -> None:
    row.stage, row.stage_since = to, at
    row.closed_at = at if to.is_closing else None
    row.loss_reason = reason if to.is_lost else None
    row.loss_note = note if to.is_lost else ""
    row.version += 1
    row.save(
        update_fields=[
            "stage",
            "stage_since",
            "closed_at",
            "loss_reason",
            "loss_note",
            "version",
            "search_norm",
            "updated_at",
        ]
    )


def _keep_move(
    row: Opportunity,
    former: PipelineStage,
    to: PipelineStage,
    *,
    actor: Any,
    at: datetime,
    note: str,
) -> None:
    StageMove.objects.create(
        client_id=row.client_id,
        opportunity=row,
        from_name=former.name,
        to_name=to.name,
        note=note[:300],
        moved_by=actor,
        moved_at=at,
    )


def _act(former: PipelineStage, to: PipelineStage) -> str:
    if to.is_won:
        return "opportunity_won"
    if to.is_lost:
        return "opportunity_lost"
    return "opportunity_reopened" if former.is_closing else "opportunity_moved"


def _make_client(client_id: int) -> None:
    """A prospect who buys is a client; an archived one stays so until it is restored."""
    prospects = Client.objects.filter(pk=client_id)
    prospects = prospects.filter(stage__in=(Client.Stage.PROSPECT, Client.Stage.LOST))
    prospects.update(stage=Client.Stage.WON, version=F("version") + 1)


@transaction.atomic
def empty_stage(
    *, stage: PipelineStage, to: PipelineStage, actor: Any, at: datetime, and_delete: bool = False
) -> int:
    """Bring every opportunity of a step to another, and delete the step if asked.

    Return how many moved.

    :raises CannotMove: if the other step closes sales and this one does not, or the reverse.
    """
    PipelineStage.objects.select_for_update().get(pk=stage.pk)
    if to.pk == stage.pk or (to.is_won, to.is_lost) != (stage.is_won, stage.is_lost):
        raise CannotMove(_("Choisissez une autre étape de même nature."))
    moved = 0
    for row in Opportunity.objects.filter(stage=stage).select_related("loss_reason").order_by("pk"):
        _move_quietly(row, stage, to, actor=actor, at=at)
        moved += 1
    if and_delete:
        record("stage_deleted", stage, actor=actor, moved=moved, to=to.name)
        stage.delete()
    return moved


def _move_quietly(
    row: Opportunity, stage: PipelineStage, to: PipelineStage, *, actor: Any, at: datetime
) -> None:
    """Follow a step that goes away: what a closed sale says of its end stays as it was."""
    note = _("L’étape « %(name)s » a été vidée.") % {"name": stage.name}
    _keep_move(row, stage, to, actor=actor, at=at, note=note)
    Opportunity.objects.filter(pk=row.pk).update(
        stage=to, stage_since=at, version=F("version") + 1, updated_at=at
    )
