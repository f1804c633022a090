"""Hold the pay link of an attempt to the attempt's client.

Reversible. Locks the table for an instant.
"""

from django.db import migrations

from core import rls_operations as rls


class Migration(migrations.Migration):
    dependencies = [
        ("invoicing", "0007_secure_answers_and_pay_links"),
        ("payments", "0004_credit_and_pay_links"),
    ]

    operations = [rls.same_client("payments_paymentattempt", "pay_link_id", "invoicing_paylink")]
