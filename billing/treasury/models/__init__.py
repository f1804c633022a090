"""What became of the money: fees, payouts, statements of our accounts."""

from billing.treasury.models.settlements import FeeTerms, Payout, Settlement
from billing.treasury.models.statements import LineMatch, StatementFile, StatementLine

__all__ = [
    "FeeTerms",
    "LineMatch",
    "Payout",
    "Settlement",
    "StatementFile",
    "StatementLine",
]
