"""Hold the client of what a credited line and an undone adjustment come from.

Reversible. Locks each table for an instant.
"""

from django.db import migrations

from core import rls_operations as rls


class Migration(migrations.Migration):
    dependencies = [
        ("invoicing", "0014_versions_and_milestones_of_one_client"),
        ("sources", "0002_secure_sources"),  # identifies invoice lines with their client
    ]

    operations = [
        rls.identify_with_client("invoicing_adjustment"),
        rls.same_client("invoicing_adjustment", "undoes_id", "invoicing_adjustment"),
        rls.same_client("invoicing_creditnoteline", "source_id", "invoicing_invoiceline"),
    ]
