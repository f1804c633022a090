"""Keep a client’s session to its own company, contacts and segments.

Reversible. Locks each table for an instant.
"""

from django.db import migrations

from core import rls_operations as rls


class Migration(migrations.Migration):
    dependencies = [("access", "0001_scope_function"), ("accounts", "0001_initial")]

    operations = [
        rls.protect("accounts_client", client="id"),
        rls.protect("accounts_contact"),
        rls.protect("accounts_client_tags"),
    ]
