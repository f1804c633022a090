"""Refuse time spent on a task of another client than its project’s.

Reversible. Locks the table for an instant.
"""

from django.db import migrations

from core import rls_operations as rls


class Migration(migrations.Migration):
    dependencies = [("projects", "0002_row_security")]

    operations = [rls.same_client("projects_timeentry", "task_id", "projects_task")]
