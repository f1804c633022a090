"""The amounts of the parts that a quote is billed in."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from billing.invoicing.models import Quote, QuoteInstalment
from billing.invoicing.plans import InvalidPlan, Part, plan_amounts
from billing.invoicing.services.refusal import Refused


class CannotPlan(Refused):
    """The parts of the plan do not make the whole of the quote."""


def instalments_of(quote: Quote) -> list[QuoteInstalment]:
    """Return the parts of the plan of a quote, in their order."""
    rows = QuoteInstalment.objects.filter(quote=quote.pk)  # never those of a form
    return list(rows.order_by("sort_order", "pk"))


def parts_of(rows: Any) -> list[Part]:
    """Return rows of a plan as plain parts."""
    return [Part(str(row.kind), row.percent) for row in rows]


@transaction.atomic
def save_plan(*, quote: Quote) -> list[QuoteInstalment]:
    """Write the amount of each part of a plan, in units of the quote’s currency; return them.

    :raises CannotPlan: if the parts are not the whole.
    """
    rows = instalments_of(quote)
    try:
        amounts = plan_amounts(quote.total, parts_of(rows))
    except InvalidPlan as refusal:
        raise CannotPlan(_(refusal.message)) from refusal
    for row, amount in zip(rows, amounts, strict=True):
        row.amount = amount
    QuoteInstalment.objects.bulk_update(rows, ["amount"])
    return rows
