"""Reads of accounts for pages."""

from datetime import datetime

from django.db.models import QuerySet
from wagtail import hooks

from core.access.grants import grants_of
from core.access.roles import Grant
from core.accounts.models import (
    Client,
    DataExport,
    ErasureRequest,
    Invitation,
    Membership,
    User,
)


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


def exports_ready(user: User, *, at: datetime) -> QuerySet[DataExport]:
    """Return the copies of their data that a person may still download, newest first."""
    rows = DataExport.objects.filter(user_id=user.pk, expires_at__gt=at).exclude(key="")
    return rows.order_by("-made_at")


def latest_export(user: User, *, at: datetime) -> DataExport | None:
    """Return the copy that a person waits for, else the newest they may download."""
    waiting = DataExport.objects.filter(user_id=user.pk, made_at=None).first()
    return waiting or exports_ready(user, at=at).first()


def open_erasure(user: User) -> ErasureRequest | None:
    """Return the request for erasure that the team has still to answer."""
    states = (ErasureRequest.State.RECEIVED, ErasureRequest.State.IN_PROGRESS)
    return ErasureRequest.objects.filter(user_id=user.pk, state__in=states).first()
