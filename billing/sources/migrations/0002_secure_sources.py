"""Show how invoices are planned, and what time costs, to the team only; keep each to its client.

Reversible. Locks each table for an instant.
"""

from django.db import migrations

from core import rls_operations as rls


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0001_scope_function"),
        ("invoicing", "0009_whole_billing"),
        ("projects", "0008_names_of_columns"),
        ("sources", "0001_initial"),
    ]

    operations = [
        rls.identify_with_client("projects_timeentry"),
        rls.identify_with_client("invoicing_invoiceline"),
        rls.protect_for_staff("sources_recurringinvoice"),
        rls.identify_with_client("sources_recurringinvoice"),
        rls.same_client("sources_recurringinvoice", "project_id", "projects_project"),
        rls.protect_for_staff("sources_recurringline"),
        rls.same_client("sources_recurringline", "schedule_id", "sources_recurringinvoice"),
        rls.protect_for_staff("sources_recurringpause"),
        rls.same_client("sources_recurringpause", "schedule_id", "sources_recurringinvoice"),
        rls.protect_for_staff("sources_recurringrun"),
        rls.same_client("sources_recurringrun", "schedule_id", "sources_recurringinvoice"),
        rls.same_client("sources_recurringrun", "invoice_id", "invoicing_invoice"),
        rls.protect_for_staff("sources_billedtime"),
        rls.same_client("sources_billedtime", "entry_id", "projects_timeentry"),
        rls.same_client("sources_billedtime", "line_id", "invoicing_invoiceline"),
        rls.protect_for_staff("sources_offeredtime"),
        rls.same_client("sources_offeredtime", "entry_id", "projects_timeentry"),
        rls.protect_for_staff("sources_ratecard"),
        rls.protect_for_staff("sources_invoicebatch"),
        rls.protect_for_staff("sources_batchitem"),
        rls.same_client("sources_batchitem", "invoice_id", "invoicing_invoice"),
    ]
