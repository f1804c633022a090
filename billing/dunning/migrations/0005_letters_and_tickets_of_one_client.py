"""Refuse a letter or a ticket of another client than its reminder or dispute.

Reversible. Locks the tables for an instant.
"""

from django.db import migrations

from core import rls_operations as rls


class Migration(migrations.Migration):
    dependencies = [
        ("dunning", "0004_row_security_and_first_ladder"),
        ("files", "0002_row_security"),
        ("support", "0002_row_security"),
    ]

    operations = [
        rls.same_client("dunning_dunningnotice", "letter_id", "files_storedfile"),
        rls.same_client("dunning_dispute", "ticket_id", "support_ticket"),
    ]
