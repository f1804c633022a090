"""A day off that the team adds or corrects moves the promises of open tickets."""

from typing import Any

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from core.workdays.models import Holiday
from portal.support.recomputing import owe_recomputing


@receiver([post_save, post_delete], sender=Holiday, dispatch_uid="support-holidays")
def follow_holidays(sender: Any, **kwargs: Any) -> None:
    """Owe new dates when what is known of a day changes; a fixture loads as it is."""
    if not kwargs.get("raw"):
        owe_recomputing()
