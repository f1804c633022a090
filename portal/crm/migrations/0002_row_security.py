"""Keep sales to the team: no client’s session reads them.

Reversible. Locks each table for an instant.
"""

from django.db import migrations

from core import rls_operations as rls


class Migration(migrations.Migration):
    dependencies = [("access", "0001_scope_function"), ("crm", "0001_initial")]

    operations = [
        rls.protect_for_staff("crm_opportunity"),
        rls.protect_for_staff("crm_interaction"),
        rls.identify_with_client("crm_opportunity"),
        rls.same_client("crm_interaction", "opportunity_id", "crm_opportunity"),
    ]
