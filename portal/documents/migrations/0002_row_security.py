"""Keep a client’s session to its own documents.

Reversible. Locks each table for an instant.
"""

from django.db import migrations

from core import rls_operations as rls


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0001_scope_function"),
        ("projects", "0002_row_security"),
        ("files", "0002_row_security"),
        ("documents", "0001_initial"),
    ]

    operations = [
        rls.protect("documents_projectdocument"),
        rls.protect("documents_documentversion"),
        rls.protect("documents_documentrequest"),
        rls.identify_with_client("documents_projectdocument"),
        rls.same_client("documents_projectdocument", "project_id", "projects_project"),
        rls.same_client("documents_documentversion", "document_id", "documents_projectdocument"),
        rls.same_client("documents_documentversion", "file_id", "files_storedfile"),
        rls.same_client("documents_documentrequest", "project_id", "projects_project"),
        rls.same_client("documents_documentrequest", "document_id", "documents_projectdocument"),
    ]
