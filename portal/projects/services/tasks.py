"""What follows from changes to tasks."""

from datetime import datetime
from typing import Any

from core.audit.log import record
from portal.projects.models import Task


def note_task(*, task: Task, actor: Any, at: datetime) -> None:
    """Keep the moment a task was done, and write the change in the log."""
    is_done = task.status == Task.Status.DONE
    if is_done != (task.done_at is not None):
        task.done_at = at if is_done else None
        task.save(update_fields=["done_at"])
    record("task_saved", task, actor=actor, status=task.status)
