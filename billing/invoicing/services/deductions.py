"""The deposits of a final invoice: what is left of each, taken off once."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from billing.invoicing.models import CreditNote, DepositDeduction, Invoice
from billing.invoicing.sums import kept_groups, read_groups, write_groups
from billing.invoicing.totals import VatGroup, VatKey


def refresh_deductions(paper: Any) -> list[VatGroup]:
    """Bring the deductions of a locked draft up to what is left of its deposits; return them all.

    A deposit that was credited or cancelled since is no longer deducted. The deposits stay locked
    until the end of the transaction.
    """
    if not isinstance(paper, Invoice) or paper.kind != Invoice.Kind.FINAL:
        return []
    found: list[VatGroup] = []
    rows = list(paper.deductions.order_by("pk"))
    held = Invoice.objects.select_for_update().filter(pk__in=[row.deposit_id for row in rows])
    deposits = {deposit.pk: deposit for deposit in held.order_by("pk")}
    for row in rows:
        groups = deductible_groups(deposits[row.deposit_id])
        if not groups:
            row.delete()
            continue
        if read_groups(row.groups) != groups:
            put_groups(row, groups)
            row.save(update_fields=["groups", "net", "total"])
        found += groups
    return found


def put_groups(row: DepositDeduction, groups: Iterable[VatGroup]) -> None:
    """Write on a deduction the sums per rate that it takes; the caller saves it."""
    groups = list(groups)
    row.groups = write_groups(groups)
    row.net = sum(group.base for group in groups)
    row.total = sum(group.total for group in groups)


def deductible_groups(deposit: Invoice) -> tuple[VatGroup, ...]:
    """Return what a final invoice may take off for a deposit, per rate: what was not credited."""
    if deposit.kind != Invoice.Kind.DEPOSIT or deposit.status != Invoice.Status.ISSUED:
        return ()
    return tuple(group for group in left_groups(deposit) if group.total)


def live_deductions(deposit: Invoice) -> QuerySet[DepositDeduction]:
    """Return the deductions of a deposit by finals that are not cancelled, drafts included."""
    return deposit.deducted_from.exclude(final__status=Invoice.Status.CANCELLED)


def credited_groups(invoice: Invoice) -> dict[VatKey, list[VatGroup]]:
    """Return what earlier credit notes took of an invoice, per rate and nature."""
    taken: dict[VatKey, list[VatGroup]] = {}
    for note in invoice.credit_notes.filter(status=CreditNote.Status.ISSUED):
        for group in kept_groups(note):
            taken.setdefault(group.key, []).append(group)
    return taken


def left_groups(invoice: Invoice) -> list[VatGroup]:
    """Return what is left to credit of an invoice, per rate, in units of its currency."""
    taken = credited_groups(invoice)
    return [
        VatGroup(
            group.rate,
            group.base - sum(earlier.base for earlier in taken.get(group.key, ())),
            group.vat - sum(earlier.vat for earlier in taken.get(group.key, ())),
            group.code,
        )
        for group in kept_groups(invoice)
    ]
