"""Asking of timers that run for longer than anybody works."""

from datetime import datetime, timedelta

from django.db import transaction

from core import rls
from portal.workload import telling
from portal.workload.models import RunningTimer
from portal.workload.services.timers import rules


def ask_of_forgotten(*, at: datetime) -> int:
    """Ask the people whose timer has run for too long, once each; return how many."""
    with rls.staff("workload: timers are the team's"), transaction.atomic():
        before = at - timedelta(hours=rules().longest_hours)
        rows = RunningTimer.objects.filter(resumed_at__lt=before, asked_at=None)
        rows = rows.select_related("user", "task", "project")
        found = list(rows.select_for_update(of=("self",), skip_locked=True))
        for timer in found:
            telling.tell_forgotten(timer)
            timer.asked_at = at
            timer.save(update_fields=["asked_at"])
    return len(found)
