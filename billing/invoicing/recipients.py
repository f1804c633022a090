"""Who receives our papers at a client."""

from django.db.models import Q

from core.access.roles import GRANTS_OF_ROLE, Grant
from core.accounts.models import Client, Contact, Membership
from core.accounts.queries import team_addresses

__all__ = ["billing_addresses", "team_addresses"]

ROLES = [role for role, grants in GRANTS_OF_ROLE.items() if Grant.VIEW_BILLING in grants]


def billing_addresses(client: Client) -> list[str]:
    """Return the addresses a paper of a client goes to, without doubles.

    The billing address, and the accounts that may read invoices; failing both, the main contact.
    """
    members = Membership.objects.filter(client=client, role__in=ROLES, user__is_active=True)
    addresses = [client.email, *members.order_by("pk").values_list("user__email", flat=True)]
    found = list(dict.fromkeys(address.lower() for address in addresses if address))
    return found or _contacts(client)


def _contacts(client: Client) -> list[str]:
    contacts = Contact.objects.filter(~Q(email=""), client=client, is_main=True)
    return list(contacts.values_list("email", flat=True))
