"""How the team works: who has how much time, what it goes to, what comes back, who follows what."""

from portal.workload.models.following import TaskBlock, TaskWatch, TeamNote
from portal.workload.models.limits import CalendarLink, ColumnLimit
from portal.workload.models.recurring import RecurringTask, RecurringTaskRun
from portal.workload.models.time import Absence, RunningTimer, TimeRules, WorkPattern

__all__ = [
    "Absence",
    "CalendarLink",
    "ColumnLimit",
    "RecurringTask",
    "RecurringTaskRun",
    "RunningTimer",
    "TaskBlock",
    "TaskWatch",
    "TeamNote",
    "TimeRules",
    "WorkPattern",
]
