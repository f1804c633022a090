"""Keep fees, payouts and bank statements to the team.

Reversible. Locks each table for an instant.
"""

from django.db import migrations

from core import rls_operations as rls


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0007_secure_whole_payments"),
        ("treasury", "0001_initial"),
    ]

    operations = [
        rls.protect_for_staff("treasury_settlement"),
        rls.protect_for_staff("treasury_payout"),
        rls.protect_for_staff("treasury_statementfile"),
        rls.protect_for_staff("treasury_statementline"),
        rls.protect_for_staff("treasury_linematch"),
        rls.same_client("treasury_settlement", "payment_id", "payments_payment"),
    ]
