"""Keep what clients declare and what was asked of providers to their client; let a cheque move on.

Reversible. Locks each table for an instant.
"""

from django.db import migrations

from core import rls_operations as rls

APPEND_ONLY = """
CREATE OR REPLACE FUNCTION payments_payment_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(OLD) - ARRAY[{free}]::text[]
        = to_jsonb(NEW) - ARRAY[{free}]::text[] THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'payments_payment is append-only'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""
BEFORE = "'amount_unallocated', 'recorded_by_id'"


class Migration(migrations.Migration):
    dependencies = [("payments", "0006_whole_payments")]

    operations = [
        migrations.RunSQL(
            APPEND_ONLY.format(free=BEFORE + ", 'cheque_state'"), APPEND_ONLY.format(free=BEFORE)
        ),
        rls.identify_with_client("payments_refund"),
        rls.protect("payments_transferdeclaration"),
        rls.protect_for_staff("payments_refundorder"),
        rls.same_client("payments_payment", "proof_id", "files_storedfile"),
        rls.same_client("payments_anomaly", "payment_id", "payments_payment"),
        rls.same_client("payments_transferdeclaration", "invoice_id", "invoicing_invoice"),
        rls.same_client("payments_transferdeclaration", "proof_id", "files_storedfile"),
        rls.same_client("payments_transferdeclaration", "payment_id", "payments_payment"),
        rls.same_client("payments_refundorder", "payment_id", "payments_payment"),
        rls.same_client("payments_refundorder", "refund_id", "payments_refund"),
    ]
