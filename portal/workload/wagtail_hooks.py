"""What the workload adds elsewhere: policies first, then screens, alerts, figures, the search."""

from wagtail.permissions import register_permission_policy

from core.access.policies import ClosedPolicy, ReadOnlyPolicy, TeamPolicy
from portal.workload.models import (
    Absence,
    CalendarLink,
    ColumnLimit,
    RecurringTask,
    RecurringTaskRun,
    RunningTimer,
    TaskBlock,
    TaskWatch,
    TeamNote,
    TimeRules,
    WorkPattern,
)

for _model in (Absence, ColumnLimit, RecurringTask, TimeRules, WorkPattern):
    register_permission_policy(_model, TeamPolicy(_model))
for _written in (RecurringTaskRun, TaskBlock, TaskWatch, TeamNote):
    register_permission_policy(_written, ReadOnlyPolicy(_written))
for _own in (CalendarLink, RunningTimer):
    register_permission_policy(_own, ClosedPolicy(_own))

from portal.workload import alerts, screens  # noqa: E402, F401  they register their parts
