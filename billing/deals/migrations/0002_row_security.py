"""Keep deals to the team: no client's session reads them.

Reversible. Locks each table for an instant.
"""

from django.db import migrations

from core import rls_operations as rls


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0001_scope_function"),
        ("payments", "0010_attempts_of_sales"),
        ("deals", "0001_initial"),
    ]

    operations = [
        rls.protect_for_staff("deals_dealpayment"),
        rls.protect_for_staff("deals_conversion"),
        rls.same_client("deals_dealpayment", "opportunity_id", "crm_opportunity"),
        rls.same_client("deals_dealpayment", "attempt_id", "payments_paymentattempt"),
        rls.same_client("deals_dealpayment", "payment_id", "payments_payment"),
        rls.same_client("deals_conversion", "opportunity_id", "crm_opportunity"),
        rls.same_client("deals_conversion", "project_id", "projects_project"),
        rls.same_client("deals_conversion", "quote_id", "invoicing_quote"),
    ]
