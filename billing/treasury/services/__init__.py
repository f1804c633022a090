"""What the treasury changes. Callers import from here."""

from billing.treasury.services.importing import CannotImport, import_statement
from billing.treasury.services.matching import (
    CannotMatch,
    Part,
    confirm_certain,
    confirm_proposal,
    create_payment_from_line,
    ignore_line,
    match_line,
    reopen_line,
)
from billing.treasury.services.settling import (
    CannotPayOut,
    fill_missing_settlements,
    record_payout,
    settle_payment,
)

__all__ = [
    "CannotImport",
    "CannotMatch",
    "CannotPayOut",
    "Part",
    "confirm_certain",
    "confirm_proposal",
    "create_payment_from_line",
    "fill_missing_settlements",
    "ignore_line",
    "import_statement",
    "match_line",
    "record_payout",
    "reopen_line",
    "settle_payment",
]
