"""Keep a client’s session to its own uploads, and an upload to files of its own client.

Reversible. Locks each table for an instant.
"""

from django.db import migrations

from core import rls_operations as rls


class Migration(migrations.Migration):
    dependencies = [("files", "0003_uploads_and_scans")]

    operations = [
        rls.protect("files_upload"),
        rls.same_client("files_upload", "file_id", "files_storedfile"),
    ]
