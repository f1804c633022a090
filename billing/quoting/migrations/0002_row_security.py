"""Keep what became of quotes to their client.

Reversible. Locks each table for an instant.
"""

from django.db import migrations

from core import rls_operations as rls


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0001_scope_function"),
        ("invoicing", "0012_secure_quote_plans"),
        ("projects", "0002_row_security"),
        ("quoting", "0001_initial"),
    ]

    operations = [
        rls.protect("quoting_transformation"),
        rls.same_client("quoting_transformation", "quote_id", "invoicing_quote"),
        rls.same_client("quoting_transformation", "project_id", "projects_project"),
        rls.protect("quoting_billedpart"),
        rls.same_client("quoting_billedpart", "invoice_id", "invoicing_invoice"),
        rls.same_client("quoting_billedpart", "instalment_id", "invoicing_quoteinstalment"),
        rls.same_client("quoting_billedpart", "milestone_id", "projects_milestone"),
    ]
