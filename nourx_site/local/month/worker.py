"""A real worker in a process of its own, which may be told to die between two statements.

Its one argument is JSON: the database, the settings that lead to the stand-ins, the job, the time
it is, and how many statements it lives for (-1: for good).
"""

import json
import os
import signal
import sys
from collections.abc import Callable
from datetime import datetime
from typing import Any

import django


def main() -> None:
    """Do the job that is told."""
    told = json.loads(sys.argv[1])
    django.setup()
    from django.conf import settings
    from django.db import connection

    for name, value in told["settings"].items():
        setattr(settings, name, value)
    connection.settings_dict.update(told["database"])
    connection.ensure_connection()
    connection.execute_wrappers.append(fuse(told["statements"]))
    at = datetime.fromisoformat(told["at"])
    jobs(at)[told["job"]](**told["facts"])


def fuse(statements: int) -> Callable[..., Any]:
    """Return what counts statements and kills this process when none is left."""
    left = statements

    def pass_on(execute: Callable, sql: Any, params: Any, many: bool, context: Any) -> Any:
        nonlocal left
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        left -= 1
        return execute(sql, params, many, context)

    return pass_on


def jobs(at: datetime) -> dict[str, Callable[..., Any]]:
    """Return what a worker may be told to do."""
    from django.utils import timezone

    from billing.accounting.services import post_entries
    from billing.payments.services import work_inbox
    from billing.sources.services import batches
    from core import rls
    from core.accounts.models import Company

    def take_batch(batch_id: int) -> None:
        with rls.staff("month: a batch holds invoices of many clients"):
            batches.take_some(batch_id=batch_id, on=at.date(), at=timezone.now())

    def post() -> None:
        post_entries(company=Company.objects.get(), at=at)

    return {"inbox": lambda: work_inbox(at=at), "batch": take_batch, "books": post}


if __name__ == "__main__":
    main()
