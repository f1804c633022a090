"""The team's screens of projects and tasks; imported, they take their place in the menu."""

from portal.projects.admin_screens import feedback, projects, task_inline, tasks  # noqa: F401
