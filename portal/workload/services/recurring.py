"""Tasks that come back: made once each time, passed over, paused."""

from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import rls
from core.audit.log import record
from portal.projects.models import Project, Task
from portal.projects.services.team_tasks import create_task
from portal.workload.calendar_days import open_days
from portal.workload.models import RecurringTask, RecurringTaskRun
from portal.workload.rhythm import Rhythm, next_days, worked_day

MOST_AT_ONCE = 31  # times of one rule made in a night: a job stopped for a month catches up
OVER = (Project.Status.DELIVERED, Project.Status.ARCHIVED)


def rhythm_of(rule: RecurringTask) -> Rhythm:
    """Return when a rule comes back."""
    return Rhythm(rule.starts_on, rule.every, rule.unit, rule.weekdays, rule.ends_on)


def coming_days(rule: RecurringTask, most: int) -> list[date]:
    """Return the next days of a rule that were neither made nor passed over. Two queries."""
    done = set(rule.runs.order_by("-on").values_list("on", flat=True)[:400])
    found = next_days(rhythm_of(rule), _first_day(rule), most + len(done))
    return [day for day in found if day not in done][:most]


def make_due_tasks(*, on: date, at: datetime) -> int:
    """Make the tasks of every rule due by a day; return how many. Run in the team's scope.

    Running it twice makes nothing twice; one rule that cannot be made leaves the others be.
    """
    is_open = open_days()
    rules = RecurringTask.objects.filter(
        paused_at=None, starts_on__lte=on + timedelta(days=1), project__status__in=_running()
    )
    made = 0
    for key in rules.order_by("pk").values_list("pk", flat=True):
        made += _make_of_rule(key, on, at, is_open)
    return made


@transaction.atomic
def pause_rule(*, rule: RecurringTask, actor: Any, at: datetime) -> None:
    """Have a rule make nothing until it is resumed."""
    if rule.paused_at is None:
        rule.paused_at = at
        rule.save(update_fields=["paused_at"])
        record("recurring_task_paused", rule, actor=actor)


@transaction.atomic
def resume_rule(*, rule: RecurringTask, actor: Any, at: datetime) -> None:
    """Have a rule make tasks again; the times of its pause are passed over."""
    rule = RecurringTask.objects.select_for_update(of=("self",)).get(pk=rule.pk)
    if rule.paused_at is None:
        return
    today = timezone.localdate(at)
    for day in coming_days(rule, MOST_AT_ONCE * 12):
        if day >= today:
            break
        _keep_run(rule, day, at, actor, is_skipped=True)
    rule.paused_at = None
    rule.save(update_fields=["paused_at"])
    record("recurring_task_resumed", rule, actor=actor)


@transaction.atomic
def skip_next(*, rule: RecurringTask, actor: Any, at: datetime) -> date:
    """Pass over the next time of a rule; return its day.

    :raises ValidationError: if there is none left.
    """
    rule = RecurringTask.objects.select_for_update(of=("self",)).get(pk=rule.pk)
    days = coming_days(rule, 1)
    if not days:
        raise ValidationError(_("Cette tâche ne revient plus."))
    _keep_run(rule, days[0], at, actor, is_skipped=True)
    record("recurring_task_skipped", rule, actor=actor, on=days[0].isoformat())
    return days[0]


def note_rule(*, rule: RecurringTask, actor: Any, is_new: bool) -> None:
    """Follow a save of a rule."""
    record("recurring_task_saved", rule, actor=actor, is_new=is_new)


def _make_of_rule(key: int, on: date, at: datetime, is_open: Any) -> int:
    with transaction.atomic():
        rows = RecurringTask.objects.select_for_update(of=("self",), skip_locked=True)
        rule = rows.select_related("project", "assignee").filter(pk=key, paused_at=None).first()
        if rule is None:
            return 0
        made = 0
        for day in coming_days(rule, MOST_AT_ONCE):
            real = worked_day(day, is_open) if rule.skips_days_off else day
            if real > on:
                break
            task = _make_task(rule, real, at)
            _keep_run(rule, day, at, None, task=task)
            made += 1
        return made


def _make_task(rule: RecurringTask, on: date, at: datetime) -> Task:
    assignee = rule.assignee
    return create_task(
        project=rule.project,
        title=rule.title,
        body=rule.body,
        assignee=assignee if assignee is not None and assignee.is_active else None,
        start_date=on,
        due_date=on + timedelta(days=rule.due_after),
        priority=rule.priority,
        estimate=rule.estimate,
        is_shared=rule.is_shared,
        actor=None,
        at=at,
    )


def _keep_run(
    rule: RecurringTask,
    day: date,
    at: datetime,
    actor: Any,
    *,
    task: Task | None = None,
    is_skipped: bool = False,
) -> None:
    RecurringTaskRun.objects.create(
        rule=rule, on=day, task=task, is_skipped=is_skipped, made_at=at, actor=actor
    )


def _first_day(rule: RecurringTask) -> date:
    """Return the day from which a rule counts: its first, or the day it was written."""
    written = timezone.localdate(rule.created_at) if rule.created_at else rule.starts_on
    return max(rule.starts_on, written)


def _running() -> list[str]:
    return [status for status in Project.Status.values if status not in OVER]


def make_tonight(at: datetime) -> int:
    """Make what is due on the day of a moment, in the team's scope."""
    with rls.staff("workload: tasks that come back are made by the system"):
        return make_due_tasks(on=timezone.localdate(at), at=at)
