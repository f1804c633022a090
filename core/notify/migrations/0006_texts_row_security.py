"""Keep texts to telephones to the team.

Reversible. Locks the table for an instant.
"""

from django.db import migrations

from core import rls_operations as rls


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0001_scope_function"),
        ("notify", "0005_texts_to_telephones"),
    ]

    operations = [rls.protect_for_staff("notify_outgoingtext")]
