"""What people say of themselves."""

from django.db import transaction

from core.accounts.models import User
from core.audit.log import changes_between, record

OWN_FIELDS = (
    "first_name",
    "last_name",
    "job_title",
    "phone",
    "preferred_channel",
    "language",
    "theme",
)


@transaction.atomic
def change_profile(*, user: User, values: dict[str, str]) -> User:
    """Write a person’s own facts: those of `OWN_FIELDS` that are given, and no other.

    :raises KeyError: if a value is for another field.
    """
    for name in values:
        if name not in OWN_FIELDS:
            raise KeyError(name)
    person = User.objects.select_for_update().get(pk=user.pk)
    before = {name: getattr(person, name) for name in values}
    changes = changes_between(before, values)
    if changes:
        for name, value in values.items():
            setattr(person, name, value)
        person.save(update_fields=list(values))
        record("profile_changed", person, actor=user, changes=changes)
    return person
