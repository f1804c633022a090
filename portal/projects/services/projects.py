"""What follows from changes to projects."""

from typing import Any

from core.audit.log import record
from portal.projects.models import Project


def note_project(*, project: Project, actor: Any, is_new: bool) -> None:
    """Write in the log that a project was opened or changed."""
    record("project_opened" if is_new else "project_changed", project, actor=actor)
