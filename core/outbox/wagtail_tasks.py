"""Runs Wagtail's own background tasks on Celery, after the commit that asked for them."""

from importlib import import_module
from typing import Any

from celery import shared_task
from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.utils import timezone
from django_tasks.backends.base import BaseTaskBackend
from django_tasks.base import Task, TaskResult, TaskResultStatus
from django_tasks.utils import get_random_id

from core import rls


@shared_task
def run_wagtail_task(*, path: str, args: list, kwargs: dict, **_: Any) -> None:
    """Run one of Wagtail's tasks. A row that is gone by now needs nothing done."""
    module, _dot, name = path.rpartition(".")
    with rls.staff("wagtail: keep its indexes"):
        try:
            getattr(import_module(module), name).call(*args, **kwargs)
        except ObjectDoesNotExist:
            return


class CeleryBackend(BaseTaskBackend):
    """Hands tasks to Celery when the transaction commits, and none when it does not."""

    def enqueue(self, task: Task, args: Any, kwargs: Any) -> TaskResult:
        self.validate_task(task)
        result: TaskResult[Any] = TaskResult(
            task=task,
            id=get_random_id(),
            status=TaskResultStatus.READY,
            enqueued_at=timezone.now(),
            started_at=None,
            last_attempted_at=None,
            finished_at=None,
            args=list(args),
            kwargs=dict(kwargs),
            backend=self.alias,
            errors=[],
            worker_ids=[],
        )
        transaction.on_commit(
            lambda: run_wagtail_task.delay(
                path=task.module_path, args=list(args), kwargs=dict(kwargs)
            )
        )
        return result
