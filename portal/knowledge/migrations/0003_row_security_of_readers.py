"""Keep what readers say and what they did not find to the team.

Reversible. Locks each table for an instant.
"""

from django.db import migrations

from core import rls_operations as operations


class Migration(migrations.Migration):
    dependencies = [("access", "0001_scope_function"), ("knowledge", "0002_readers")]

    operations = [
        operations.protect_for_staff("knowledge_articlevote"),
        operations.protect_for_staff("knowledge_missedsearch"),
    ]
