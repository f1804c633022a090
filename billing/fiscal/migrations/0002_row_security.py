"""Keep a client’s session to its own certifications; keep their steps from being rewritten.

Reversible. Locks each table for an instant.
"""

from django.db import migrations

from core import rls_operations as rls


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0001_scope_function"),
        ("invoicing", "0010_secure_whole_billing"),
        ("fiscal", "0001_initial"),
    ]

    operations = [
        rls.protect("fiscal_certification"),
        rls.protect("fiscal_certificationevent"),
        rls.identify_with_client("fiscal_certification"),
        rls.same_client("fiscal_certification", "invoice_id", "invoicing_invoice"),
        rls.same_client("fiscal_certification", "credit_note_id", "invoicing_creditnote"),
        rls.same_client("fiscal_certificationevent", "certification_id", "fiscal_certification"),
        rls.append_only("fiscal_certificationevent", changing=("actor_id",)),
    ]
