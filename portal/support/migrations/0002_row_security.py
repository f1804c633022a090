"""Keep a client’s session to its own tickets.

Reversible. Locks each table for an instant.
"""

from django.db import migrations

from core import rls_operations as rls


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0001_scope_function"),
        ("projects", "0002_row_security"),
        ("files", "0002_row_security"),
        ("support", "0001_initial"),
    ]

    operations = [
        rls.protect("support_ticket"),
        rls.protect("support_ticketmessage"),
        rls.identify_with_client("support_ticket"),
        rls.same_client("support_ticket", "project_id", "projects_project"),
        rls.same_client("support_ticketmessage", "ticket_id", "support_ticket"),
        rls.same_client("support_ticketmessage", "file_id", "files_storedfile"),
    ]
