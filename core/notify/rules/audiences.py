"""Who a rule tells of a fact: people of the client, people of the team, fixed addresses."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from core.access.grants import holders
from core.access.roles import Grant, Role
from core.access.staff_roles import StaffRole
from core.hooks.rules import Fact, RuleEvent

ASSIGNEE, LEAD, PROJECT_TEAM, MAIN_CONTACT = "assignee", "lead", "team", "main_contact"
OF_FACT = {
    ASSIGNEE: _("La personne qui en est chargée"),
    LEAD: _("L’interlocuteur du client, chez nous"),
    PROJECT_TEAM: _("L’équipe du projet"),
}
OF_CLIENT = {
    f"client:{role.value}": format_lazy(_("Client : {role}"), role=role.label) for role in Role
} | {MAIN_CONTACT: _("Client : contact principal, même sans compte")}
OF_TEAM = {
    f"staff:{role.value}": format_lazy(_("Équipe : {role}"), role=role.label) for role in StaffRole
}


@dataclass(frozen=True)
class Recipient:
    """One person, or one address, that a rule tells."""

    key: str
    name: str
    email: str = ""
    phone: str = ""
    language: str = settings.LANGUAGE_CODE
    user: Any = None

    @property
    def is_staff(self) -> bool:
        return self.user is not None and self.user.is_staff


def audience_choices() -> list[tuple[Any, list[tuple[str, Any]]]]:
    """Return every audience a rule may name, in groups, for a form."""
    return [
        (_("Chez le client"), list(OF_CLIENT.items())),
        (_("Selon le fait"), list(OF_FACT.items())),
        (_("Dans l’équipe"), list(OF_TEAM.items())),
    ]


def audience_label(name: str) -> Any:
    """Return the words for an audience."""
    return {**OF_CLIENT, **OF_FACT, **OF_TEAM}.get(name, name)


class Audience:
    """Finds whom a rule tells, fact by fact; reads each client and each role of the team once."""

    def __init__(self, event: RuleEvent, names: Iterable[str], addresses: Iterable[str]):
        self._event = event
        self._names = list(names)
        self._addresses = list(addresses)
        self._at_clients: dict[tuple[int, int | None], list[Recipient]] = {}
        self._of_team: list[Recipient] | None = None
        self._accounts: dict[int, Any] = {}

    def of(self, fact: Fact) -> list[Recipient]:
        """Return whom to tell of a fact, each once, in the order of the audiences."""
        found = [*self._people_of_client(fact), *self._people_of_fact(fact), *self._team()]
        found += [Recipient(f"address:{one}", one, email=one) for one in self._addresses]
        return list({one.key: one for one in found}.values())

    def _people_of_client(self, fact: Fact) -> list[Recipient]:
        if fact.client_id is None or not fact.is_of_client:
            return []
        at = (fact.client_id, fact.project_id)
        if at not in self._at_clients:
            self._at_clients[at] = [*self._members(fact), *self._contacts(fact.client_id)]
        return self._at_clients[at]

    def _members(self, fact: Fact) -> list[Recipient]:
        """Return the accounts of the client in these roles who may read what it is about."""
        roles = [name.removeprefix("client:") for name in self._names if name.startswith("client:")]
        if not roles or fact.client_id is None:
            return []
        grant = self._event.grant or Grant.ENTER
        project = fact.project_id if grant == Grant.VIEW_PROJECTS else None
        people = holders(grant, fact.client_id, project_id=project).filter(
            memberships__client=fact.client_id, memberships__role__in=roles, is_staff=False
        )
        return [_account(person) for person in people.distinct()]

    def _contacts(self, client_id: int) -> list[Recipient]:
        if MAIN_CONTACT not in self._names:
            return []
        contact: Any = apps.get_model("accounts.Contact")
        rows = contact.objects.filter(client_id=client_id, is_main=True)
        return [
            Recipient(f"contact:{row.pk}", row.name, email=row.email, phone=row.phone)
            for row in rows
        ]

    def _people_of_fact(self, fact: Fact) -> list[Recipient]:
        """Return the people named by the fact who are of the team still and may read it."""
        ids: list[int] = []
        if ASSIGNEE in self._names and fact.assignee_id is not None:
            ids.append(fact.assignee_id)
        if LEAD in self._names and fact.lead_id is not None:
            ids.append(fact.lead_id)
        if PROJECT_TEAM in self._names:
            ids += fact.team_ids
        return [_account(one) for one in self._staff(ids)]

    def _staff(self, ids: list[int]) -> list[Any]:
        unknown = [pk for pk in ids if pk not in self._accounts]
        if unknown:
            rows = get_user_model().objects.filter(pk__in=unknown, is_active=True, is_staff=True)
            found = {row.pk: row for row in rows if self._may_read(row)}
            self._accounts.update({pk: found.get(pk) for pk in unknown})
        return [self._accounts[pk] for pk in ids if self._accounts[pk] is not None]

    def _team(self) -> list[Recipient]:
        if self._of_team is None:
            roles = [one.removeprefix("staff:") for one in self._names if one.startswith("staff:")]
            self._of_team = [_account(one) for one in _people_in(roles) if self._may_read(one)]
        return self._of_team

    def _may_read(self, person: Any) -> bool:
        return not self._event.right or person.has_perm(self._event.right)


def _people_in(roles: list[str]) -> list[Any]:
    if not roles:
        return []
    rows = get_user_model().objects.filter(is_active=True, is_staff=True)
    owners = rows.filter(is_superuser=True) if StaffRole.OWNER in roles else rows.none()
    others = rows.filter(groups__name__in=roles, is_superuser=False)
    return [*owners.order_by("pk"), *others.distinct().order_by("pk")]


def _account(person: Any) -> Recipient:
    return Recipient(
        f"user:{person.pk}",
        str(person),
        email=person.email,
        phone=person.phone,
        language=person.language,
        user=person,
    )
