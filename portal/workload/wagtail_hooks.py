"""What the workload adds elsewhere: policies first, then screens, alerts, figures, the search."""

from django.utils.translation import gettext_lazy as _
from wagtail.permissions import register_permission_policy

from core.access.policies import ClosedPolicy, ReadOnlyPolicy, TeamPolicy
from core.notify.staff_events import declare_staff_event
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
for _event, _label in {
    "task_changed": _("Une tâche que je suis change"),
    "task_said": _("On écrit au client sur une tâche que je suis"),
    "task_note": _("Une note interne est laissée sur une tâche que je suis"),
    "mention": _("On me mentionne dans un commentaire ou une note"),
    "timer_forgotten": _("Mon chronomètre tourne depuis trop longtemps"),
}.items():
    declare_staff_event(_event, label=_label, group=_("Tâches"))

from portal.workload import alerts, screens  # noqa: E402, F401  they register their parts
