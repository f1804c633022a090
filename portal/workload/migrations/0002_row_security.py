"""Keep what the team says and times to the team; each row to the client of its project.

Reversible. Locks each table for an instant.
"""

from django.db import migrations

from core import rls_operations as rls

OF_TASKS = ("taskwatch", "teamnote", "runningtimer", "recurringtaskrun", "taskblock")
OF_PROJECTS = ("teamnote", "runningtimer", "recurringtask")


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0001_scope_function"),
        ("projects", "0010_tasks_planned"),
        ("workload", "0001_initial"),
    ]

    operations = [
        *(
            rls.protect_for_staff(f"workload_{name}")
            for name in sorted({*OF_TASKS, *OF_PROJECTS, "columnlimit"})
        ),
        rls.identify_with_client("workload_recurringtask"),
        *(rls.same_client(f"workload_{name}", "task_id", "projects_task") for name in OF_TASKS),
        *(
            rls.same_client(f"workload_{name}", "project_id", "projects_project")
            for name in OF_PROJECTS
        ),
        rls.same_client("workload_taskblock", "blocker_id", "projects_task"),
        rls.same_client("workload_recurringtaskrun", "rule_id", "workload_recurringtask"),
    ]
