"""Show lines of digests to the team only: whoever acts writes them, the job alone reads them.

Reversible. Locks the table for an instant.
"""

from django.db import migrations

from core import rls_operations as rls


class Migration(migrations.Migration):
    dependencies = [("notify", "0003_wishes_digests_and_push")]

    operations = [rls.protect_for_staff("notify_digestentry")]
