"""Keep a client’s session to its own projects, and children to their parent’s client.

Reversible. Locks each table for an instant.
"""

from django.db import migrations

from core import rls_operations as rls


class Migration(migrations.Migration):
    dependencies = [("access", "0001_scope_function"), ("projects", "0001_initial")]

    operations = [
        rls.protect("projects_project"),
        rls.protect("projects_projectmember"),
        rls.protect("projects_milestone"),
        rls.protect("projects_deliverable"),
        rls.protect("projects_milestonecomment"),
        rls.protect("projects_task"),
        rls.protect("projects_checklistitem"),
        rls.protect("projects_taskcomment"),
        rls.protect_for_staff("projects_timeentry"),
        rls.identify_with_client("projects_project"),
        rls.identify_with_client("projects_milestone"),
        rls.identify_with_client("projects_task"),
        rls.same_client("projects_projectmember", "project_id", "projects_project"),
        rls.same_client("projects_milestone", "project_id", "projects_project"),
        rls.same_client("projects_deliverable", "project_id", "projects_project"),
        rls.same_client("projects_task", "project_id", "projects_project"),
        rls.same_client("projects_milestonecomment", "project_id", "projects_project"),
        rls.same_client("projects_timeentry", "project_id", "projects_project"),
        rls.same_client("projects_deliverable", "milestone_id", "projects_milestone"),
        rls.same_client("projects_milestonecomment", "milestone_id", "projects_milestone"),
        rls.same_client("projects_task", "milestone_id", "projects_milestone"),
        rls.same_client("projects_checklistitem", "task_id", "projects_task"),
        rls.same_client("projects_taskcomment", "task_id", "projects_task"),
    ]
