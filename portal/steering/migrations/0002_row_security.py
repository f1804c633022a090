"""Keep risks and reports of projects to the team: no client’s session reads them.

Reversible. Locks each table for an instant.
"""

from django.db import migrations

from core import rls_operations as rls


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0001_scope_function"),
        ("documents", "0002_row_security"),
        ("projects", "0011_steering_fields"),
        ("steering", "0001_initial"),
    ]

    operations = [
        rls.protect_for_staff("steering_risk"),
        rls.protect_for_staff("steering_progressreport"),
        rls.same_client("steering_risk", "project_id", "projects_project"),
        rls.same_client("steering_progressreport", "project_id", "projects_project"),
        rls.same_client("steering_progressreport", "document_id", "documents_projectdocument"),
    ]
