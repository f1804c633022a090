"""How time stands with billing, for the screens below that keep it: billed, offered, billable."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.dispatch import receiver
from wagtail import hooks

from billing.sources.models import BilledTime, OfferedTime
from billing.sources.services.time import CannotBillTime, charge_time, offer_time
from portal.projects.models import TimeEntry
from portal.projects.signals import time_kept


@hooks.register("nourx_time_standing")
def standing(entry_ids: Sequence[int]) -> list[tuple[int, str]]:
    """Say which entries of time are on an invoice, and which never will be. Two queries."""
    if not entry_ids:
        return []
    offered = OfferedTime.objects.filter(entry__in=entry_ids).values_list("entry_id", flat=True)
    billed = BilledTime.objects.filter(entry__in=entry_ids).values_list("entry_id", flat=True)
    return [*((key, "offered") for key in offered), *((key, "billed") for key in billed)]


@receiver(time_kept)
def mark_billable(
    *, entry: TimeEntry, is_billable: bool, actor: Any, at: datetime, **_: Any
) -> None:
    """Have time that was kept be proposed for billing, or not.

    :raises ValidationError: if it is on an invoice already.
    """
    try:
        if is_billable:
            charge_time(entry=entry, actor=actor)
        else:
            offer_time(entry=entry, at=at, actor=actor)
    except CannotBillTime as refusal:
        raise ValidationError(refusal.message) from refusal
