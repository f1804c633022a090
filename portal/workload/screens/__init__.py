"""The team's screens of its own work; imported, they take their place in the menu."""

from portal.workload.screens import (  # noqa: F401
    board,
    calendar,
    following,
    load,
    project_tasks,
    punctuality,
    records,
    recurring,
    sheets,
    timers,
)
