"""Whom a reminder reaches at each client: addresses, and the telephones of those who want them."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from billing.dunning.engine import Step
from billing.invoicing.recipients import ROLES
from core.accounts.models import Client, Contact, Membership
from core.notify import channels, sms


@dataclass(frozen=True)
class Reach:
    """How a client is reached. Telephones are kept by the channel their owner prefers.

    Without anybody who signs in, the client's own number takes whatever the step sends.
    """

    addresses: tuple[str, ...] = ()
    phones: dict[str, tuple[str, ...]] = field(default_factory=dict)
    house_phone: str = ""

    def of(self, channel: str) -> tuple[str, ...]:
        """Return the addresses or numbers of a channel."""
        if channel == channels.EMAIL:
            return self.addresses
        if channel in self.phones:
            return self.phones[channel]
        return (self.house_phone,) if self.house_phone and not self.phones else ()


def ways_of(step: Step, reach: Reach, *, has_sms: bool) -> dict[str, tuple[str, ...]]:
    """Return the channels by which a step reaches a client, each with its addresses.

    SMS only when a gateway is set. Whoever prefers another way gets no text.
    """
    wanted = {
        channels.EMAIL: step.by_email,
        channels.SMS: step.by_sms and has_sms and bool(step.short_text),
        channels.WHATSAPP: step.by_whatsapp and bool(step.short_text),
    }
    ways = {name: reach.of(name) for name, is_on in wanted.items() if is_on}
    if ways.get(channels.SMS) and not reach.phones:
        ways.pop(channels.WHATSAPP, None)  # the house is not told twice on one telephone
    return {name: to for name, to in ways.items() if to}


def reach_of(clients: Iterable[Client]) -> dict[int, Reach]:
    """Return how each client is reached, in two queries however many they are."""
    clients = {client.pk: client for client in clients}
    addresses: dict[int, list[str]] = {
        pk: [client.email] if client.email else [] for pk, client in clients.items()
    }
    phones: dict[int, dict[str, list[str]]] = {pk: {} for pk in clients}
    members = Membership.objects.filter(
        client__in=list(clients), role__in=ROLES, user__is_active=True
    )
    for member in members.select_related("user").order_by("pk"):
        person = member.user
        addresses[member.client_id].append(person.email)
        number = sms.international(person.phone)
        found = phones[member.client_id].setdefault(person.preferred_channel, [])
        if number:
            found.append(number)
    contacts = Contact.objects.filter(client__in=list(clients), is_main=True).exclude(email="")
    mains = {client_id: (email,) for client_id, email in contacts.values_list("client_id", "email")}
    return {
        pk: Reach(
            addresses=tuple(dict.fromkeys(each.lower() for each in addresses[pk] if each))
            or mains.get(pk, ()),
            phones={name: tuple(dict.fromkeys(each)) for name, each in phones[pk].items()},
            house_phone=sms.international(client.phone),
        )
        for pk, client in clients.items()
    }
