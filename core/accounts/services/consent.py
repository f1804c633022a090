"""Whether a person lets us count how the portal is used."""

from datetime import datetime

from django.db import transaction

from core.accounts.models import User
from core.audit.log import record


@transaction.atomic
def set_analytics(*, user: User, is_on: bool, at: datetime) -> User:
    """Write a person’s consent with its moment, or take it back; saying it again is nothing."""
    person = User.objects.select_for_update().get(pk=user.pk)
    if bool(person.analytics_since) == is_on:
        return person
    person.analytics_since = at if is_on else None
    person.save(update_fields=["analytics_since"])
    record("analytics_accepted" if is_on else "analytics_withdrawn", person, actor=user)
    return person
