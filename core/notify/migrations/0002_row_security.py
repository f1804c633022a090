"""Show mail to the team only, and notices to their own client.

Reversible. Locks each table for an instant.
"""

from django.db import migrations

from core import rls_operations as rls


class Migration(migrations.Migration):
    dependencies = [("access", "0001_scope_function"), ("notify", "0001_initial")]

    operations = [
        rls.protect_for_staff("notify_outgoingmail"),
        rls.protect("notify_notification"),
    ]
