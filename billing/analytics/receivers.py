"""Hear what other modules tell."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from billing.analytics.services import note_visit
from core.accounts.activity import person_came


@receiver(person_came)
def count_visit(sender: Any, user: Any, at: datetime, **_: Any) -> None:
    """Count the month of a person of clients; the team's own visits are no news."""
    if not user.is_staff:
        note_visit(user_id=user.pk, at=at)
