"""The credit notes that go with money given back, so that nothing is asked again."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from billing.invoicing.models import CreditNote, Invoice
from billing.invoicing.portions import share_groups
from billing.invoicing.services import CannotCredit, issue_credit_note
from billing.invoicing.services.deductions import left_groups
from billing.invoicing.totals import VatKey

MOST_TRIES = 4  # the VAT of a part may come a franc above: one franc of HT less mends it


def correct_by_credit_note(
    taken: Iterable[tuple[Invoice, int]], *, reason: str, at: datetime, actor: Any
) -> CreditNote | None:
    """Credit on each invoice what was taken off it, in whole units; return the first note.

    A part is credited to the franc. Callers hold the locks of the invoices.

    :raises CannotCredit: if an invoice refuses it.
    """
    notes = [_credit(invoice, amount, reason, at, actor) for invoice, amount in taken]
    return notes[0] if notes else None


def _credit(invoice: Invoice, amount: int, reason: str, at: datetime, actor: Any) -> CreditNote:
    bases: dict[Decimal | VatKey, int] | None = bases_for(invoice, amount)
    for tries_left in reversed(range(MOST_TRIES)):
        try:
            with transaction.atomic():
                return issue_credit_note(
                    invoice=invoice,
                    reason=reason,
                    on=timezone.localdate(at),
                    at=at,
                    actor=actor,
                    bases=bases,
                )
        except CannotCredit:
            if bases is None or not tries_left:
                raise
            largest = max(bases, key=lambda key: bases[key])
            bases[largest] -= 1
    raise AssertionError("unreachable")


def bases_for(invoice: Invoice, amount: int) -> dict[Decimal | VatKey, int] | None:
    """Return the HT per VAT rate of a credit note of about `amount`, all taxes in.

    None stands for all that is left of the invoice. Taxes beside VAT follow in proportion.
    """
    groups = [group for group in left_groups(invoice) if group.total > 0]
    whole = invoice.amount_asked - invoice.amount_credited
    if amount >= whole:
        return None
    part = amount * sum(group.total for group in groups) // whole
    return {group.key: group.base for group in share_groups(groups, max(part, 1))}
