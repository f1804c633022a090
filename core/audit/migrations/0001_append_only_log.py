"""Keep the log from being changed, and from being read by anybody but the team.

Reversible. Locks Wagtail's log table for an instant.
"""

from django.db import migrations

from core import rls_operations

TABLE = "wagtailcore_modellogentry"


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0001_scope_function"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
    ]

    operations = [rls_operations.append_only(TABLE), rls_operations.protect_for_staff(TABLE)]
