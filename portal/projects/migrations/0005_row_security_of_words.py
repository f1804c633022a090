"""Keep what clients say of the work to themselves, and their decisions as they were taken.

Reversible. Locks each table for an instant.
"""

from django.db import migrations

from core import rls_operations as rls


class Migration(migrations.Migration):
    dependencies = [("projects", "0004_words_decisions_and_answers")]

    operations = [
        rls.protect("projects_commentfile"),
        rls.protect("projects_deliverablefile"),
        rls.protect("projects_deliverabledecision"),
        rls.protect("projects_surveyanswer"),
        rls.protect("projects_projectchoice"),
        rls.identify_with_client("projects_milestonecomment"),
        rls.identify_with_client("projects_deliverable"),
        rls.same_client("projects_commentfile", "comment_id", "projects_milestonecomment"),
        rls.same_client("projects_commentfile", "file_id", "files_storedfile"),
        rls.same_client("projects_deliverablefile", "deliverable_id", "projects_deliverable"),
        rls.same_client("projects_deliverablefile", "file_id", "files_storedfile"),
        rls.same_client("projects_deliverabledecision", "deliverable_id", "projects_deliverable"),
        rls.same_client("projects_surveyanswer", "project_id", "projects_project"),
        rls.same_client("projects_projectchoice", "project_id", "projects_project"),
        rls.append_only("projects_deliverabledecision"),
    ]
