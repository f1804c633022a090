"""Keep moves and files of tasks to their client, and to the client of their task.

Reversible. Locks each table for an instant.
"""

from django.db import migrations

from core import rls_operations as rls


class Migration(migrations.Migration):
    dependencies = [
        ("files", "0002_row_security"),
        ("projects", "0006_statuses_told"),
    ]

    operations = [
        rls.protect("projects_taskmove"),
        rls.protect("projects_taskattachment"),
        rls.identify_with_client("projects_taskcomment"),
        rls.same_client("projects_taskmove", "task_id", "projects_task"),
        rls.same_client("projects_taskattachment", "task_id", "projects_task"),
        rls.same_client("projects_taskattachment", "comment_id", "projects_taskcomment"),
        rls.same_client("projects_taskattachment", "file_id", "files_storedfile"),
    ]
