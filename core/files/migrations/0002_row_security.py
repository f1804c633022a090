"""Keep a client’s session to its own files.

Reversible. Locks each table for an instant.
"""

from django.db import migrations

from core import rls_operations as rls


class Migration(migrations.Migration):
    dependencies = [("access", "0001_scope_function"), ("files", "0001_initial")]

    operations = [
        rls.protect("files_storedfile"),
        rls.identify_with_client("files_storedfile"),
    ]
