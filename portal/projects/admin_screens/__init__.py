"""The team's screens of projects and tasks; imported, they take their place in the menu."""

from portal.projects.admin_screens import (  # noqa: F401
    alert_tasks,
    feedback,
    projects,
    roadmap,
    task_inline,
    tasks,
)
