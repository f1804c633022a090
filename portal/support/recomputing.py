"""Writing the promises of open tickets anew, after a policy, a calendar or a holiday changed."""

from datetime import datetime
from uuid import uuid4

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from core import rls
from core.audit.log import record
from core.outbox.services import handles, owe
from portal.support.delays import choose_policy, every_week, recompute
from portal.support.models import SlaPolicy, Ticket

TOPIC = "support.recompute"
BATCH = 200
MOST_PREVIEWED = 300


def concerned(*, calendar_id: int | None = None, policy_id: int | None = None) -> QuerySet[Ticket]:
    """Return the open tickets that a calendar or a policy concerns; all of them without either."""
    rows = Ticket.objects.open().filter(sla__isnull=False)
    if calendar_id is not None:
        rows = rows.filter(sla__calendar=calendar_id)
    return rows if policy_id is None else rows.filter(sla=policy_id)


def preview(*, calendar_id: int | None = None, policy_id: int | None = None) -> tuple[int, int]:
    """Return how many open tickets are concerned, and of the first 300 how many dates would move.

    Nothing is written. The caller is in the team's scope.
    """
    rows = concerned(calendar_id=calendar_id, policy_id=policy_id)
    weeks, at = every_week(), timezone.now()
    first = rows.select_related("sla").order_by("pk")[:MOST_PREVIEWED]
    moved = sum(
        recompute(row, row.sla, weeks[row.sla.calendar_id], at=at)
        for row in first
        if row.sla is not None
    )
    return rows.count(), moved


def owe_recomputing(*, calendar_id: int | None = None, policy_id: int | None = None) -> None:
    """Owe the worker to write the promises of open tickets anew, in the current transaction."""
    _owe(calendar_id, policy_id, after=0, run=uuid4().hex)


def _owe(calendar_id: int | None, policy_id: int | None, *, after: int, run: str) -> None:
    payload = {"calendar": calendar_id, "policy": policy_id, "after": after, "run": run}
    owe(TOPIC, key=f"{TOPIC}:{run}:{after}", payload=payload)


@handles(TOPIC)
def recompute_batch(payload: dict) -> None:
    """Write a few hundred tickets anew, and owe the next ones."""
    at = timezone.now()
    with rls.staff("support: promises anew"):
        rows = concerned(calendar_id=payload["calendar"], policy_id=payload["policy"])
        ids = list(
            rows.filter(pk__gt=payload["after"]).order_by("pk").values_list("pk", flat=True)[:BATCH]
        )
        weeks = every_week()
        policies = list(SlaPolicy.objects.all())
        for ticket_id in ids:
            _recompute_one(ticket_id, policies, weeks, at)
        if len(ids) == BATCH:
            _owe(payload["calendar"], payload["policy"], after=ids[-1], run=payload["run"])


@transaction.atomic
def _recompute_one(ticket_id: int, policies: list[SlaPolicy], weeks: dict, at: datetime) -> None:
    rows = Ticket.objects.open().select_for_update(of=("self",)).filter(pk=ticket_id)
    ticket = rows.first()
    if ticket is None:
        return
    known = next((one for one in policies if one.pk == ticket.sla_id and one.is_active), None)
    policy = known or choose_policy(policies, ticket)
    if policy is None:
        return
    before = [str(ticket.answer_due_at), str(ticket.solution_due_at)]
    ticket.sla = policy
    if recompute(ticket, policy, weeks[policy.calendar_id], at=at):
        after = [str(ticket.answer_due_at), str(ticket.solution_due_at)]
        record("ticket_promised_anew", ticket, changes={"due": [before, after]})
    ticket.save()
