"""Keep the versions of an offer, and the milestones that lines bill, to their client.

Reversible. Locks each table for an instant.
"""

from django.db import migrations

from core import rls_operations as rls


class Migration(migrations.Migration):
    dependencies = [
        ("invoicing", "0013_credited_lines"),
        ("projects", "0002_row_security"),
    ]

    operations = [
        rls.same_client("invoicing_quote", "replaces_id", "invoicing_quote"),
        rls.same_client("invoicing_invoiceline", "milestone_id", "projects_milestone"),
    ]
