"""Reads of accounts for pages."""

from datetime import datetime

from django.db.models import QuerySet

from core.access.grants import grants_of
from core.access.roles import Grant
from core.accounts.models import Client, Invitation, Membership, User


def clients_managed_by(user: User) -> QuerySet[Client]:
    """Return the clients whose members a person manages."""
    managed = grants_of(user).clients_with(Grant.MANAGE_MEMBERS)
    return Client.objects.filter(pk__in=managed).order_by("name")


def members_managed_by(user: User) -> QuerySet[Membership]:
    """Return the members that a person manages, by client then by name."""
    managed = grants_of(user).clients_with(Grant.MANAGE_MEMBERS)
    return (
        Membership.objects.filter(client_id__in=managed)
        .select_related("user", "client")
        .order_by("client__name", "user__last_name", "user__first_name", "pk")
    )


def invitations_managed_by(user: User, *, at: datetime) -> QuerySet[Invitation]:
    """Return the open invitations that a person may revoke, newest first."""
    managed = grants_of(user).clients_with(Grant.MANAGE_MEMBERS)
    return (
        Invitation.objects.filter(
            client_id__in=managed, accepted_at=None, revoked_at=None, expires_at__gt=at
        )
        .select_related("client")
        .order_by("-created_at")
    )
