"""Who pays, as a provider wants to know it. Nothing is made up to open a method."""

from django.contrib.auth.models import AnonymousUser

from billing.payments.providers.base import Payer
from core.accounts.models import Client, User


def describe_payer(client: Client, user: User | AnonymousUser) -> Payer:
    """Describe the person who pays for a client: their own details, else the company's."""
    return Payer(
        name=getattr(user, "last_name", "") or client.name,
        surname=getattr(user, "first_name", "") or client.name,
        email=getattr(user, "email", "") or client.email,
        phone_e164=getattr(user, "phone", "") or client.phone,
        address=" ".join(client.address.split()),
        city=client.city,
        country=client.country,
    )


def may_pay_by_card(client: Client, user: User | AnonymousUser) -> bool:
    """Tell whether all that a card payment asks is known."""
    payer = describe_payer(client, user)
    return all((payer.email, payer.phone_e164, payer.address, payer.city, payer.country))
