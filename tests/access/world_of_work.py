"""What the team keeps of its own work at a client: followed tasks, notes, timers, rules."""

from portal.projects.models import Task
from portal.workload.models import (
    RecurringTask,
    RecurringTaskRun,
    RunningTimer,
    TaskBlock,
    TaskWatch,
    TeamNote,
)
from tests.conftest import AT, ON


def workload_of(project, task, person, mark):
    """Make one row of each model of the team's workload for a client."""
    other = Task.objects.create(project=project, title=f"Avant {mark}", is_shared=False)
    rule = RecurringTask.objects.create(project=project, title=f"Revient {mark}", starts_on=ON)
    return [
        rule,
        RecurringTaskRun.objects.create(rule=rule, on=ON, task=other, made_at=AT),
        RunningTimer.objects.create(project=project, user=person, note=mark, began_at=AT),
        TaskBlock.objects.create(task=task, blocker=other),
        TaskWatch.objects.create(task=task, user=person),
        TeamNote.objects.create(project=project, author=person, body=mark, created_at=AT),
    ]
