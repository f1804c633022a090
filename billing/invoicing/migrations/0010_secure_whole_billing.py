"""Keep adjustments and deductions to their client; let an issued paper live as it may now.

Reversible. Locks each table for an instant.
"""

from django.db import migrations

from billing.invoicing.triggers import freeze_lines, freeze_paper, undo
from core import rls_operations as rls

DECISION = ("decided_by_id", "decided_at", "decided_name", "decided_ip", "refusal_reason")
SUMS = ("vat_groups", "total_net", "total_vat", "total", "taxes", "total_added", "total_withheld")
RULES = ("withheld_rule_id", "added_rule_id")  # a rule may go: the paper keeps what it said
PAID = ("amount_paid", "amount_credited", "sent_at", "seen_at", "settled_at")


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0001_scope_function"),
        ("files", "0002_row_security"),
        ("invoicing", "0009_whole_billing"),
    ]

    operations = [
        rls.protect("invoicing_adjustment"),
        rls.same_client("invoicing_adjustment", "invoice_id", "invoicing_invoice"),
        rls.same_client("invoicing_adjustment", "file_id", "files_storedfile"),
        rls.append_only("invoicing_adjustment", changing=("recorded_by_id",)),
        rls.protect("invoicing_depositdeduction"),
        rls.same_client("invoicing_depositdeduction", "final_id", "invoicing_invoice"),
        rls.same_client("invoicing_depositdeduction", "deposit_id", "invoicing_invoice"),
        freeze_lines("invoicing_depositdeduction", "final_id", "invoicing_invoice"),
        undo(freeze_paper("invoicing_invoice", changing=PAID, moves=[("issued", "cancelled")])),
        freeze_paper(
            "invoicing_invoice",
            changing=(*PAID, *RULES, "amount_adjusted"),
            moves=[("issued", "cancelled")],
        ),
        undo(
            freeze_paper(
                "invoicing_quote",
                changing=("decided_by_id",),
                moves=[("sent", "accepted"), ("sent", "refused")],
                on_move=DECISION,
            )
        ),
        freeze_paper(
            "invoicing_quote",
            changing=("decided_by_id", "seen_at", "reminded_at", *RULES),
            moves=[("sent", "accepted"), ("sent", "refused"), ("sent", "replaced")],
            on_move=(*DECISION, *SUMS),
        ),
        undo(freeze_paper("invoicing_creditnote")),
        freeze_paper("invoicing_creditnote", changing=RULES),
        undo(freeze_lines("invoicing_quoteline", "quote_id", "invoicing_quote")),
        freeze_lines(
            "invoicing_quoteline", "quote_id", "invoicing_quote", changing=[("is_chosen", "sent")]
        ),
    ]
