"""What a credit note would take of an invoice, before it is issued: read first, then done.

Amounts are whole units of the invoice's currency.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, Decimal
from fractions import Fraction
from typing import Any

from django.db.models import Sum
from django.utils.translation import gettext as _

from billing.invoicing.models import CreditNote, CreditNoteLine, Invoice, InvoiceLine
from billing.invoicing.portions import ExceedsInvoice, credit_group, credit_tax
from billing.invoicing.services.deductions import credited_groups, left_groups
from billing.invoicing.services.refusal import Refused
from billing.invoicing.sums import kept_groups
from billing.invoicing.taxes import Tax, kept_taxes
from billing.invoicing.totals import VatGroup, VatKey, vat_key
from core.money import round_half_up

FOUR_DECIMALS = Decimal("0.0001")
Bases = Mapping[Decimal | VatKey, int]


class CannotCredit(Refused):
    """The invoice is not out, or less is left of it than the credit note asks."""


@dataclass(frozen=True)
class LineShare:
    """A part of a line of an invoice: how many of its units, for how much HT."""

    line: InvoiceLine
    quantity: Decimal
    net: int


@dataclass(frozen=True)
class CreditPlan:
    """What a credit note takes: sums per rate, taxes beside VAT, and the lines it comes from.

    `rest` is what was asked as plain amounts per rate. `surplus` is money already paid that the
    invoice will not need any more.
    """

    invoice: Invoice
    groups: tuple[VatGroup, ...]
    taxes: tuple[Tax, ...]
    shares: tuple[LineShare, ...] = ()
    rest: tuple[VatGroup, ...] = ()

    @property
    def net(self) -> int:
        return sum(group.base for group in self.groups)

    @property
    def vat(self) -> int:
        return sum(group.vat for group in self.groups)

    @property
    def total(self) -> int:
        """What is credited, TTC."""
        return self.net + self.vat

    @property
    def added(self) -> int:
        return sum(tax.amount for tax in self.taxes if tax.is_added)

    @property
    def asked(self) -> int:
        """By how much the invoice asks less."""
        return self.total + self.added

    @property
    def surplus(self) -> int:
        return max(self.asked - self.invoice.amount_due, 0)

    @property
    def due_after(self) -> int:
        return max(self.invoice.amount_due - self.asked, 0)

    @property
    def is_whole(self) -> bool:
        """Tell whether it takes, alone, an invoice whose lines are all of it."""
        invoice = self.invoice
        is_first = not invoice.amount_credited and invoice.kind != Invoice.Kind.FINAL
        return is_first and self.total == invoice.total


def plan_credit(
    invoice: Invoice,
    *,
    bases: Bases | None = None,
    quantities: Mapping[int, Decimal] | None = None,
) -> CreditPlan:
    """Say what a credit note takes of an invoice; all that is left when nothing is said.

    `bases` is HT per VAT rate (and nature), `quantities` units per line; both add up.

    :raises CannotCredit: if it is above what is left, of a line or of a rate, or comes to nothing.
    """
    shares = _shares(invoice, quantities or {})
    if bases is None and quantities is None:
        rest = {group.key: group.base for group in left_groups(invoice)}
    else:
        rest = _resolved(invoice, bases or {})
    wanted = dict(rest)
    for share in shares:
        key = vat_key(share.line.vat_rate, share.line.vat_code)
        wanted[key] = wanted.get(key, 0) + share.net
    groups = _groups(invoice, wanted)
    total = sum(group.total for group in groups)
    if total <= 0:
        raise CannotCredit(_("Il n’y a rien à créditer."))
    return CreditPlan(
        invoice=invoice,
        groups=groups,
        taxes=tuple(_taxes(invoice, total)),
        shares=tuple(shares),
        rest=tuple(VatGroup(key[0], base, 0, key[1]) for key, base in rest.items() if base),
    )


def left_of_lines(invoice: Invoice) -> list[LineShare]:
    """Return how many units of each line no credit note has taken, and their HT."""
    rows = CreditNoteLine.objects.filter(
        source__invoice=invoice, credit_note__status=CreditNote.Status.ISSUED
    )
    taken = {
        row["source"]: (row["quantity"], row["net"])
        for row in rows.order_by()
        .values("source")
        .annotate(quantity=Sum("quantity"), net=Sum("net"))
    }
    found = []
    for line in invoice.lines.order_by("sort_order", "pk"):
        quantity, net = taken.get(line.pk, (Decimal(0), 0))
        found.append(LineShare(line, line.quantity - quantity, line.net - net))
    return found


def rows_of(plan: CreditPlan) -> list[dict[str, Any]]:
    """Return the lines of a partial credit note: parts of lines first, then amounts per rate."""
    label = _("Avoir sur la facture %(number)s") % {"number": plan.invoice.number}
    amounts = [
        {
            "label": label,
            "unit_price": Decimal(group.base),
            "vat_rate": group.rate,
            "vat_code": group.code,
        }
        for group in plan.rest
    ]
    return [*(_row_of(share) for share in plan.shares), *amounts]


def _row_of(share: LineShare) -> dict[str, Any]:
    """Write a part of a line so that its units, times their price, are exactly its HT."""
    line, quantity = share.line, share.quantity
    price = (Decimal(share.net) / quantity).quantize(FOUR_DECIMALS, ROUND_CEILING)
    full = round_half_up(Fraction(quantity) * Fraction(price))
    return {
        "source": line,
        "section": line.section,
        "label": line.label,
        "quantity": quantity,
        "unit": line.unit,
        "unit_price": price,
        "discount_amount": max(full - share.net, 0),
        "vat_rate": line.vat_rate,
        "vat_code": line.vat_code,
        "vat_text": line.vat_text,
    }


def _shares(invoice: Invoice, quantities: Mapping[int, Decimal]) -> list[LineShare]:
    left = {share.line.pk: share for share in left_of_lines(invoice)} if quantities else {}
    if not set(quantities) <= set(left):
        raise CannotCredit(_("Cette ligne n’est pas sur la facture."))
    return [_share(left[pk], quantity) for pk, quantity in quantities.items() if quantity]


def _share(left: LineShare, quantity: Decimal) -> LineShare:
    """Take units of what is left of a line; the last ones take the last franc of it."""
    if not 0 < quantity <= left.quantity:
        raise CannotCredit(
            _("« %(label)s » : il reste %(left)s à créditer.")
            % {"label": left.line.label, "left": f"{left.quantity.normalize():f}"}
        )
    if quantity == left.quantity:
        return left
    line = left.line
    after = line.quantity - left.quantity + quantity
    credited = round_half_up(Fraction(line.net) * Fraction(after) / Fraction(line.quantity))
    return replace(left, quantity=quantity, net=credited - (line.net - left.net))


def _resolved(invoice: Invoice, bases: Bases) -> dict[VatKey, int]:
    """Name the groups of an invoice by their rate and nature, whichever way they were told."""
    keys = [group.key for group in kept_groups(invoice)]
    found = {}
    for told, base in bases.items():
        fitting = [key for key in keys if told in (key, key[0])]
        if len(fitting) != 1:
            raise CannotCredit(_("Cette facture n’a pas de ligne à ce taux de TVA."))
        found[fitting[0]] = base
    return found


def _groups(invoice: Invoice, wanted: Mapping[VatKey, int]) -> tuple[VatGroup, ...]:
    taken = credited_groups(invoice)
    invoiced = {group.key: group for group in kept_groups(invoice)}
    try:
        groups = [
            credit_group(invoiced[key], taken.get(key, ()), base) for key, base in wanted.items()
        ]
    except ExceedsInvoice as refusal:
        raise CannotCredit(_(refusal.message)) from refusal
    return tuple(group for group in groups if group.base or group.vat)


def _taxes(invoice: Invoice, total: int) -> list[Tax]:
    """Take of each tax beside VAT the part that goes with what is credited, so far and now."""
    notes = list(invoice.credit_notes.filter(status=CreditNote.Status.ISSUED))
    part = total + sum(note.total for note in notes)
    found = []
    for tax in kept_taxes(invoice):
        earlier = sum(
            row.amount
            for note in notes
            for row in kept_taxes(note)
            if (row.kind, row.label) == (tax.kind, tax.label)
        )
        amount = credit_tax(tax.amount, earlier, part=part, whole=invoice.total)
        found.append(replace(tax, amount=amount))
    return found


def shown_lines(shares: Sequence[LineShare]) -> list[LineShare]:
    """Keep the lines of which something is left."""
    return [share for share in shares if share.quantity > 0]
