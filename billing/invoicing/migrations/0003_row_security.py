"""Keep a client’s session to its own papers, and lines to their paper’s client.

Reversible. Locks each table for an instant.
"""

from django.db import migrations

from core import rls_operations as rls


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0001_scope_function"),
        ("files", "0002_row_security"),
        ("projects", "0002_row_security"),
        ("invoicing", "0002_initial"),
    ]

    operations = [
        rls.protect("invoicing_quote"),
        rls.protect("invoicing_quoteline"),
        rls.protect("invoicing_invoice"),
        rls.protect("invoicing_invoiceline"),
        rls.protect("invoicing_invoiceevent"),
        rls.protect("invoicing_creditnote"),
        rls.protect("invoicing_creditnoteline"),
        rls.identify_with_client("invoicing_quote"),
        rls.identify_with_client("invoicing_invoice"),
        rls.identify_with_client("invoicing_creditnote"),
        rls.same_client("invoicing_quoteline", "quote_id", "invoicing_quote"),
        rls.same_client("invoicing_invoiceline", "invoice_id", "invoicing_invoice"),
        rls.same_client("invoicing_invoiceevent", "invoice_id", "invoicing_invoice"),
        rls.same_client("invoicing_creditnoteline", "credit_note_id", "invoicing_creditnote"),
        rls.same_client("invoicing_creditnote", "invoice_id", "invoicing_invoice"),
        rls.same_client("invoicing_invoice", "quote_id", "invoicing_quote"),
        rls.same_client("invoicing_quote", "project_id", "projects_project"),
        rls.same_client("invoicing_invoice", "project_id", "projects_project"),
        rls.same_client("invoicing_creditnote", "project_id", "projects_project"),
        rls.same_client("invoicing_quote", "pdf_id", "files_storedfile"),
        rls.same_client("invoicing_invoice", "pdf_id", "files_storedfile"),
        rls.same_client("invoicing_creditnote", "pdf_id", "files_storedfile"),
        rls.append_only("invoicing_invoiceevent", changing=("actor_id",)),
    ]
