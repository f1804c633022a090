"""Reads of accounts for pages."""

from datetime import datetime

from django.db.models import QuerySet
from wagtail import hooks

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


def team_addresses(client: Client) -> list[str]:
    """Return whom of our team a client’s answer goes to: its lead, else the agency’s."""
    lead = client.lead or client.company.lead
    return [lead.email if lead else client.company.email]


@hooks.register("nourx_team_addresses")
def team_addresses_of(client_id: int) -> list[str]:
    """Give notices to the team the addresses of who follows a client."""
    rows = Client.objects.select_related("lead", "company__lead").filter(pk=client_id)
    return [address for client in rows for address in team_addresses(client)]
