"""Keep plans to their client; let a sent quote be prolonged and answered with its options.

Reversible. Locks each table for an instant.
"""

from django.db import migrations

from billing.invoicing.triggers import freeze_lines, freeze_paper, undo
from core import rls_operations as rls

DECISION = ("decided_by_id", "decided_at", "decided_name", "decided_ip", "refusal_reason")
SUMS = ("vat_groups", "total_net", "total_vat", "total", "taxes", "total_added", "total_withheld")
RULES = ("withheld_rule_id", "added_rule_id")
LIVING = ("decided_by_id", "seen_at", "reminded_at", *RULES)
MOVES = [("sent", "accepted"), ("sent", "refused"), ("sent", "replaced")]


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0001_scope_function"),
        ("invoicing", "0011_quote_plans"),
        ("projects", "0002_row_security"),
    ]

    operations = [
        rls.protect("invoicing_quoteinstalment"),
        rls.identify_with_client("invoicing_quoteinstalment"),
        rls.same_client("invoicing_quoteinstalment", "quote_id", "invoicing_quote"),
        rls.same_client("invoicing_quoteinstalment", "milestone_id", "projects_milestone"),
        freeze_lines(
            "invoicing_quoteinstalment",
            "quote_id",
            "invoicing_quote",
            changing=[("amount", "sent"), ("milestone_id", "accepted")],
        ),
        undo(
            freeze_paper(
                "invoicing_quote", changing=LIVING, moves=MOVES, on_move=(*DECISION, *SUMS)
            )
        ),
        freeze_paper(
            "invoicing_quote",
            changing=LIVING,
            moves=MOVES,
            on_move=(*DECISION, *SUMS),
            open_while=("sent", ["valid_until"]),
        ),
        undo(
            freeze_lines(
                "invoicing_quoteline",
                "quote_id",
                "invoicing_quote",
                changing=[("is_chosen", "sent")],
            )
        ),
        freeze_lines(
            "invoicing_quoteline",
            "quote_id",
            "invoicing_quote",
            changing=[("is_chosen", "sent"), ("net", "sent")],
        ),
    ]
