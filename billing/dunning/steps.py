"""The steps of reminding: when each is due, and the one that a day calls for.

A step is due from its day on, so that a night without work is caught up; the furthest one reached
is told, and those before it are passed over.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from billing.invoicing.models import Invoice


@dataclass(frozen=True)
class Step:
    """A step of the ladder: `days` after the due date, negative before it."""

    key: str
    days: int
    label: Any
    template: str
    notice: Any  # what the portal says of it: {number}, {amount}, {due}


STEPS = (
    Step(
        "before",
        -3,
        _("Rappel avant l’échéance"),
        "invoicing/reminder_before",
        _("Facture {number} : {amount} à régler avant le {due}"),
    ),
    Step(
        "late",
        1,
        _("Première relance"),
        "invoicing/reminder_late",
        _("Facture {number} : {amount} en retard depuis le {due}"),
    ),
)
STEP_OF = {step.key: step for step in STEPS}


def step_on(invoice: Invoice, today: date) -> Step | None:
    """Return the furthest step that an unpaid invoice has reached on a day.

    One that had no more days to be paid than a reminder's notice gets none before its due date.
    """
    if invoice.due_date is None:
        return None
    days = (today - invoice.due_date).days
    reached = [step for step in STEPS if step.days <= days]
    step = reached[-1] if reached else None
    return None if step is not None and step.days < 0 and _is_short(invoice, step) else step


def steps_before(step: Step) -> list[Step]:
    """Return the steps that a step overtakes."""
    return [each for each in STEPS if each.days < step.days]


def _is_short(invoice: Invoice, step: Step) -> bool:
    if invoice.issue_date is None or invoice.due_date is None:
        return False
    return (invoice.due_date - invoice.issue_date).days <= -step.days
