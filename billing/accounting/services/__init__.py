"""Everything that changes the books. Callers import from here."""

from billing.accounting.services.books import ensure_books
from billing.accounting.services.exports import (
    CannotExport,
    cancel_export,
    make_export,
    write_export,
)
from billing.accounting.services.lettering import letter_settled
from billing.accounting.services.posting import Posted, Problem, post_entries, rebuild_drafts
from billing.accounting.services.refusal import Refused
from billing.accounting.services.validation import CannotValidate, validate_entries

__all__ = [
    "CannotExport",
    "CannotValidate",
    "Posted",
    "Problem",
    "Refused",
    "cancel_export",
    "ensure_books",
    "letter_settled",
    "make_export",
    "post_entries",
    "rebuild_drafts",
    "validate_entries",
    "write_export",
]
