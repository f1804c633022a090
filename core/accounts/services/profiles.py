"""What people say of themselves."""

from django.db import transaction

from core import rls
from core.accounts.models import Contact, User
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

    The contacts that the team keeps under their address, at their clients, follow.

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
        _follow(person)
    return person


def _follow(person: User) -> None:
    """Give the contacts of a person at their clients the same name, function and telephone."""
    ids = list(person.memberships.values_list("client_id", flat=True))
    said = {"name": str(person), "job_title": person.job_title, "phone": person.phone}
    with rls.clients(*ids):
        rows = Contact.objects.filter(client_id__in=ids, email__iexact=person.email)
        for contact in rows.select_for_update():
            changes = changes_between({name: getattr(contact, name) for name in said}, said)
            if not changes:
                continue
            for name, value in said.items():
                setattr(contact, name, value)
            contact.save(update_fields=[*said, "updated_at"])
            record("contact_changed", contact, actor=person, changes=changes)
