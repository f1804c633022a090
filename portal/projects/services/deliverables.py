"""Deliverables: handed over by the team, approved or refused by the client, round after round."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core.audit.log import record
from core.files.uploads import Attachment, take
from portal.projects import telling
from portal.projects.models import (
    Deliverable,
    DeliverableDecision,
    DeliverableFile,
    MilestoneComment,
)
from portal.projects.participation import require_part

Status, Verdict = Deliverable.Status, DeliverableDecision.Verdict


class CannotSubmit(Exception):
    """The deliverable waits for a decision, or has been approved."""


class AlreadyDecided(Exception):
    """Somebody decided of this round in the meantime, or it was replaced."""


@transaction.atomic
def submit_deliverable(
    *,
    deliverable: Deliverable,
    files: Sequence[Attachment] = (),
    link: str = "",
    message: str = "",
    actor: Any,
    at: datetime,
) -> Deliverable:
    """Hand a deliverable over for approval, with its files or a link; again after a refusal.

    :raises CannotSubmit: if it waits for a decision already, or was approved.
    :raises ValidationError: if a file cannot be kept.
    """
    row = Deliverable.objects.select_for_update().get(pk=deliverable.pk)
    if row.status not in (Status.PLANNED, Status.REFUSED):
        raise CannotSubmit(row)
    row.round += row.status == Status.REFUSED
    row.status, row.submitted_at = Status.SUBMITTED, at
    row.decided_by, row.decided_at, row.comment = None, None, ""
    row.save()
    for file in take(files, client_id=row.client_id, actor=actor):
        DeliverableFile.objects.create(deliverable=row, round=row.round, file=file)
    if link:
        DeliverableFile.objects.create(deliverable=row, round=row.round, link=link)
    if message:
        MilestoneComment.objects.create(
            project=row.project, milestone=row.milestone, author=actor, body=message
        )
    record("deliverable_submitted", row, actor=actor, round=row.round)
    telling.tell_deliverable(row, message=message, actor=actor)
    telling.refresh_pages(row.project)
    return row


@transaction.atomic
def decide_deliverable(
    *,
    deliverable: Deliverable,
    of_round: int,
    verdict: str,
    comment: str = "",
    actor: Any,
    at: datetime,
) -> DeliverableDecision:
    """Approve or refuse one round of a deliverable, in the name of the client.

    :raises PermissionDenied: if the person takes no part in the project.
    :raises ValidationError: if it is refused without a word.
    :raises AlreadyDecided: if this round is decided already, or is not the last one.
    """
    require_part(actor, deliverable.project)
    if verdict == Verdict.REFUSED and not comment.strip():
        raise ValidationError({"comment": _("Dites ce qui ne va pas, pour que nous corrigions.")})
    row = Deliverable.objects.select_for_update().get(pk=deliverable.pk)
    if row.status != Status.SUBMITTED or row.round != of_round:
        raise AlreadyDecided(row)
    decision = DeliverableDecision.objects.create(
        deliverable=row,
        round=row.round,
        verdict=verdict,
        comment=comment.strip(),
        decided_by=actor,
        decided_at=at,
    )
    row.status = Status.APPROVED if verdict == Verdict.APPROVED else Status.REFUSED
    row.decided_by, row.decided_at, row.comment = actor, at, decision.comment
    row.save(update_fields=["status", "decided_by", "decided_at", "comment"])
    record(f"deliverable_{verdict}", row, actor=actor, round=row.round)
    telling.tell_team_of_decision(decision)
    telling.refresh_pages(row.project)
    return decision


def note_deliverable(*, deliverable: Deliverable, actor: Any) -> None:
    """Write in the log that the facts of a deliverable changed, and show them."""
    record("deliverable_changed", deliverable, actor=actor)
    telling.refresh_pages(deliverable.project)
