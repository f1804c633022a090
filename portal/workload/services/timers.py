"""The timer of a person: started, paused, stopped into an entry of time. One at most each."""

from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.access.row_guard import require_view
from core.audit.log import record
from portal.projects.models import Task, TimeEntry
from portal.projects.signals import time_kept
from portal.workload.durations import DAY, rounded
from portal.workload.models import RunningTimer, TimeRules

HOUR = 3600  # seconds


class NoTimer(ValidationError):
    """No timer runs, or it is no longer the one that was shown."""

    def __init__(self) -> None:
        super().__init__(_("Ce chronomètre ne tourne plus."))


class ForgottenTimer(ValidationError):
    """The timer ran longer than anybody works: somebody must say for how long it counts."""

    def __init__(self) -> None:
        super().__init__(_("Ce chronomètre a été oublié : dites le temps réellement passé."))


def rules() -> TimeRules:
    """Return how time is kept: what the house set, or the rules of a new house."""
    return TimeRules.objects.order_by("pk").first() or TimeRules()


def timer_of(user: Any) -> RunningTimer | None:
    """Return the timer of somebody, running or paused. One query."""
    rows = RunningTimer.objects.select_related("task", "project")
    return rows.filter(user=user).first()


def is_forgotten(timer: RunningTimer, at: datetime, kept: TimeRules) -> bool:
    """Tell whether a timer runs longer than a day of work, without a pause since."""
    return not timer.is_paused and timer.seconds(at) > kept.longest_hours * HOUR


@transaction.atomic
def start_timer(
    *, task: Task, actor: Any, at: datetime, note: str = "", is_billable: bool = True
) -> RunningTimer:
    """Start the timer of somebody on a task; the one that ran, if any, is stopped and kept.

    :raises PermissionDenied: if the person may not read the task.
    :raises ForgottenTimer: if the one that ran was forgotten: its time must be said first.
    """
    require_view(actor, task)
    type(actor).objects.select_for_update(no_key=True).get(pk=actor.pk)  # two clicks start one
    running = _locked(actor)
    if running is not None and running.task_id == task.pk:
        return resume_timer(actor=actor, at=at)
    if running is not None:
        stop_timer(actor=actor, at=at)
    timer = RunningTimer.objects.create(
        user=actor,
        project=task.project,
        task=task,
        note=note,
        is_billable=is_billable,
        began_at=at,
        resumed_at=at,
    )
    record("timer_started", task, actor=actor)
    return timer


@transaction.atomic
def pause_timer(*, actor: Any, at: datetime) -> RunningTimer:
    """Pause the timer of somebody; pausing it twice changes nothing.

    :raises NoTimer: if none runs.
    """
    timer = _needed(actor)
    timer.kept_seconds, timer.resumed_at = timer.seconds(at), None
    timer.save(update_fields=["kept_seconds", "resumed_at"])
    return timer


@transaction.atomic
def resume_timer(*, actor: Any, at: datetime) -> RunningTimer:
    """Have a paused timer run again.

    :raises NoTimer: if there is none.
    """
    timer = _needed(actor)
    if timer.is_paused:
        timer.resumed_at, timer.asked_at = at, None
        timer.save(update_fields=["resumed_at", "asked_at"])
    return timer


@transaction.atomic
def stop_timer(
    *, actor: Any, at: datetime, minutes: int | None = None, note: str | None = None
) -> TimeEntry | None:
    """Stop the timer of somebody and keep its time; None when it kept nothing.

    `minutes` is what the person says instead; needed once the timer was forgotten.

    :raises NoTimer: if none runs.
    :raises ForgottenTimer: if it was forgotten and nothing is said.
    :raises ValidationError: if more than a day is said.
    """
    timer, kept = _needed(actor), rules()
    if minutes is None:
        if is_forgotten(timer, at, kept):
            raise ForgottenTimer
        minutes = rounded(timer.seconds(at), kept.step, up=kept.rounds_up)
    if not 0 <= minutes <= DAY:
        raise ValidationError(_("Un jour a vingt-quatre heures."))
    entry = _entry_of(timer, minutes, note, at) if minutes else None
    timer.delete()
    if entry is not None:
        time_kept.send(TimeEntry, entry=entry, is_billable=timer.is_billable, actor=actor, at=at)
        record("time_kept", entry, actor=actor, minutes=minutes)
    return entry


@transaction.atomic
def drop_timer(*, actor: Any) -> None:
    """Forget the timer of somebody: nothing of it is kept.

    :raises NoTimer: if there is none.
    """
    timer = _needed(actor)
    record("timer_dropped", timer.project, actor=actor)
    timer.delete()


def _entry_of(timer: RunningTimer, minutes: int, note: str | None, at: datetime) -> TimeEntry:
    """Write the entry of a timer, on the day it began; its end is where its minutes lead."""
    end = min(timer.began_at + timedelta(minutes=minutes), at)
    return TimeEntry.objects.create(
        project=timer.project,
        task=timer.task,
        user_id=timer.user_id,
        spent_on=timezone.localdate(timer.began_at),
        minutes=minutes,
        note=(timer.note if note is None else note)[:300],
        started_at=timer.began_at,
        ended_at=max(end, timer.began_at),
    )


def _locked(actor: Any) -> RunningTimer | None:
    rows = RunningTimer.objects.select_for_update(of=("self",))
    return rows.select_related("project").filter(user=actor).first()


def _needed(actor: Any) -> RunningTimer:
    timer = _locked(actor)
    if timer is None:
        raise NoTimer
    return timer
