"""Keep a client’s session to its own reminders, and reminders from being rewritten.

Reversible. Locks the table for an instant.
"""

from django.db import migrations

from core import rls_operations as rls


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0001_scope_function"),
        ("invoicing", "0003_row_security"),
        ("dunning", "0001_initial"),
    ]

    operations = [
        rls.protect("dunning_dunningnotice"),
        rls.same_client("dunning_dunningnotice", "invoice_id", "invoicing_invoice"),
        rls.append_only("dunning_dunningnotice"),
    ]
