"""Keep the day a cheque moved on, the only other thing that may change of a payment.

Reversible. Locks the table for an instant.
"""

from django.db import migrations, models

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
BEFORE = "'amount_unallocated', 'recorded_by_id', 'cheque_state'"


class Migration(migrations.Migration):
    dependencies = [("payments", "0008_provider_accounts")]

    operations = [
        migrations.AddField(
            model_name="payment",
            name="cheque_on",
            field=models.DateField(blank=True, null=True, verbose_name="état du chèque depuis"),
        ),
        migrations.RunSQL(
            APPEND_ONLY.format(free=BEFORE + ", 'cheque_on'"), APPEND_ONLY.format(free=BEFORE)
        ),
    ]
