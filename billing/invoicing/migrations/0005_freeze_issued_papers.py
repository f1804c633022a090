"""Refuse, in the database, to change what an issued paper says.

Reversible. Locks each table for an instant.
"""

from django.db import migrations

from billing.invoicing.triggers import freeze_lines, freeze_paper

DECISION = ("decided_by_id", "decided_at", "decided_name", "decided_ip", "refusal_reason")


class Migration(migrations.Migration):
    dependencies = [("invoicing", "0004_search_papers")]

    operations = [
        freeze_paper(
            "invoicing_invoice",
            changing=("amount_paid", "amount_credited", "sent_at", "seen_at", "settled_at"),
            moves=[("issued", "cancelled")],
        ),
        freeze_paper(
            "invoicing_quote",
            changing=("decided_by_id",),
            moves=[("sent", "accepted"), ("sent", "refused")],
            on_move=DECISION,
        ),
        freeze_paper("invoicing_creditnote"),
        freeze_lines("invoicing_invoiceline", "invoice_id", "invoicing_invoice"),
        freeze_lines("invoicing_quoteline", "quote_id", "invoicing_quote"),
        freeze_lines("invoicing_creditnoteline", "credit_note_id", "invoicing_creditnote"),
    ]
