"""What follows from saving an opportunity: its score, its first step, who is told."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from core.accounts.models import User
from core.audit.log import record
from core.notify.team import tell_staff
from portal.crm import queries
from portal.crm.models import Opportunity, ScoreCriterion, StageMove
from portal.crm.scoring import score_of

AT_ONCE = 500


@transaction.atomic
def note_opportunity(
    *, opportunity: Opportunity, actor: Any, at: datetime, on: date, is_new: bool
) -> None:
    """Score an opportunity that was made or changed, tell who follows it, and log it."""
    _rescore([opportunity], on=on)
    if is_new:
        StageMove.objects.create(
            client_id=opportunity.client_id,
            opportunity=opportunity,
            to_name=opportunity.stage.name,
            moved_by=actor,
            moved_at=at,
        )
    record("opportunity_saved", opportunity, actor=actor, stage=opportunity.stage.name)
    _tell_owner(opportunity, actor=actor)


@transaction.atomic
def assign_opportunity(*, opportunity: Opportunity, owner: User | None, actor: Any) -> None:
    """Have somebody of the team follow an opportunity, or nobody. Who it is now is told."""
    row = Opportunity.objects.select_for_update(of=("self",)).select_related("owner", "client")
    kept = row.get(pk=opportunity.pk)
    if kept.owner_id == (owner.pk if owner else None):
        return
    changes = {"owner": [str(kept.owner or ""), str(owner or "")]}
    kept.owner = owner
    kept.version += 1
    kept.save(update_fields=["owner", "version", "search_norm", "updated_at"])
    record("opportunity_assigned", kept, actor=actor, changes=changes)
    _tell_owner(kept, actor=actor, key=f":{kept.version}")


def rescore_open(*, on: date) -> int:
    """Score every open opportunity again, since some facts age. Return how many changed."""
    changed, last = 0, 0
    while True:
        rows = Opportunity.objects.open().filter(pk__gt=last, manual_score=None)
        batch = list(rows.select_related("client").order_by("pk")[:AT_ONCE])
        if not batch:
            return changed
        changed += _rescore(batch, on=on)
        last = batch[-1].pk


def _rescore(rows: list[Opportunity], *, on: date) -> int:
    """Write the scores that differ, without counting it as a change made by somebody."""
    criteria = list(ScoreCriterion.objects.filter(is_active=True).order_by("sort_order", "pk"))
    exchanges = queries.last_exchanges(rows)
    changed = 0
    for row in rows:
        score = row.manual_score
        if score is None:
            score = score_of(queries.facts_of(row, exchanges.get(row.pk)), criteria, on=on).value
        if score != row.score:
            Opportunity.objects.filter(pk=row.pk).update(score=score)
            row.score = score
            changed += 1
    return changed


def _tell_owner(opportunity: Opportunity, *, actor: Any, key: str = "") -> None:
    if opportunity.owner is None:
        return
    tell_staff(
        "opportunity-assigned",
        to=[opportunity.owner],
        text=_("« %(title)s » (%(client)s) vous est confiée.")
        % {"title": opportunity.title, "client": opportunity.client},
        detail=opportunity.next_step,
        url=reverse("wagtailsnippets_crm_opportunity:inspect", args=[opportunity.pk]),
        key=f"{opportunity.pk}:{opportunity.owner_id}{key}",
        client_id=opportunity.client_id,
        actor=actor,
    )
