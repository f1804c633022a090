"""Keep a client’s session to its own money; keep the ledger from being rewritten.

Reversible. Locks each table for an instant.
"""

from django.db import migrations

from core import rls_operations as rls


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0001_scope_function"),
        ("invoicing", "0003_row_security"),
        ("payments", "0001_initial"),
    ]

    operations = [
        rls.protect("payments_paymentattempt"),
        rls.protect("payments_attemptevent"),
        rls.protect("payments_payment"),
        rls.protect("payments_allocation"),
        rls.protect("payments_receipt"),
        rls.protect("payments_refund"),
        rls.protect("payments_anomaly"),
        rls.identify_with_client("payments_paymentattempt"),
        rls.identify_with_client("payments_payment"),
        rls.same_client("payments_paymentattempt", "invoice_id", "invoicing_invoice"),
        rls.same_client("payments_attemptevent", "attempt_id", "payments_paymentattempt"),
        rls.same_client("payments_payment", "attempt_id", "payments_paymentattempt"),
        rls.same_client("payments_allocation", "payment_id", "payments_payment"),
        rls.same_client("payments_allocation", "invoice_id", "invoicing_invoice"),
        rls.same_client("payments_receipt", "payment_id", "payments_payment"),
        rls.same_client("payments_receipt", "pdf_id", "files_storedfile"),
        rls.same_client("payments_refund", "payment_id", "payments_payment"),
        rls.same_client("payments_refund", "credit_note_id", "invoicing_creditnote"),
        rls.same_client("payments_anomaly", "attempt_id", "payments_paymentattempt"),
        rls.append_only("payments_attemptevent"),
        rls.append_only("payments_allocation"),
        rls.append_only("payments_receipt", changing=("pdf_id",)),
        rls.append_only("payments_payment", changing=("amount_unallocated", "recorded_by_id")),
        rls.append_only("payments_refund", changing=("recorded_by_id",)),
    ]
