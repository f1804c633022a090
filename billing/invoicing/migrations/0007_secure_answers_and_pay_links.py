"""Keep answers and pay links to their client, and from being rewritten.

Reversible. Locks each table for an instant.
"""

from django.db import migrations

from core import rls_operations as rls


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0001_scope_function"),
        ("files", "0002_row_security"),
        ("invoicing", "0006_answers_and_pay_links"),
    ]

    operations = [
        rls.protect("invoicing_quoteanswer"),
        rls.protect("invoicing_paylink"),
        rls.identify_with_client("invoicing_paylink"),
        rls.same_client("invoicing_quoteanswer", "quote_id", "invoicing_quote"),
        rls.same_client("invoicing_quoteanswer", "certificate_id", "files_storedfile"),
        rls.same_client("invoicing_paylink", "invoice_id", "invoicing_invoice"),
        rls.append_only("invoicing_quoteanswer", changing=("actor_id", "certificate_id")),
        rls.append_only(
            "invoicing_paylink",
            changing=("revoked_at", "created_by_id", "openings", "last_opened_at"),
        ),
    ]
