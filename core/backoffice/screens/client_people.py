"""People of a client: contacts, who opens the space, and how to invite a contact."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from core.accounts.models import Client, Contact, User
from core.backoffice.columns import StatusLook, status_badge
from core.backoffice.screens.members import InviteMember
from core.backoffice.search import search
from core.hooks import SearchHit, SearchSource, Section
from core.ui.formats import phone

PEOPLE = "personnes"


def contacts_section(client: Client, request: HttpRequest) -> Section:
    """Return the contacts of a client; each without an account may be invited from its row."""
    return Section(
        title=_("Contacts"),
        headings=(
            _("Nom"),
            _("Rôle"),
            _("Fonction"),
            _("Adresse e-mail"),
            _("Téléphone"),
            _("Préfère"),
            _("Accès au portail"),
        ),
        rows=lambda: _contacts(client, request),
        empty=_("Aucun contact : ajoutez-en dans l’onglet « Contacts » de la modification."),
        order=10,
        tab=PEOPLE,
    )


def _contacts(client: Client, request: HttpRequest) -> list[Any]:
    members = {
        person.email.lower(): person for person in User.objects.filter(memberships__client=client)
    }
    may_invite = InviteMember.may(request.user, client)
    return [
        (
            format_html("<strong>{}</strong> · {}", row.name, _text("principal"))
            if row.is_main
            else row.name,
            row.get_part_display(),
            row.job_title or "—",
            row.email or "—",
            phone(row.phone) or "—",
            _preferred(members.get(row.email.lower())),
            _access(client, row, members.get(row.email.lower()), may_invite),
        )
        for row in client.contacts.order_by("-is_main", "name", "pk")
    ]


def _preferred(person: User | None) -> str:
    return person.get_preferred_channel_display() if person else "—"


def _access(client: Client, contact: Contact, person: User | None, may_invite: bool) -> Any:
    """Say whether a contact opens the space, or offer to invite the person."""
    if person is not None:
        word = _text("Ouvert") if person.is_active else _text("Compte fermé")
        return status_badge(StatusLook("done", "ok" if person.is_active else ""), word)
    if not contact.email:
        return _text("Il faut une adresse e-mail")
    if not may_invite:
        return "—"
    page = reverse(Client.snippet_viewset.get_url_name("inviter"), args=[client.pk])
    url = f"{page}?{urlencode({'name': contact.name, 'email': contact.email})}"
    return format_html(
        '<a class="button button-small button-secondary" href="{}">{}</a>', url, _text("Inviter")
    )


@hooks.register("nourx_search_sources")
def find_people(request: HttpRequest) -> Iterator[SearchSource]:
    """Let the search of the back-office look into clients and contacts."""
    if not request.user.has_perm("accounts.view_client"):
        return
    url = reverse(Client.snippet_viewset.get_url_name("list"))
    yield SearchSource(
        key="clients", label=_("Clients"), icon="group", find=_find_clients, url=url, order=10
    )
    if request.user.has_perm("accounts.view_contact"):
        yield SearchSource(
            key="contacts", label=_("Contacts"), icon="user", find=_find_contacts, order=20
        )


def _find_clients(text: str, most: int) -> Sequence[SearchHit]:
    rows = search(Client.objects.all(), text).defer("search_vector", "search_norm")
    return [
        SearchHit(
            title=row.name,
            detail=" · ".join(filter(None, [row.get_stage_display(), row.city, row.email])),
            url=client_url(row.pk),
        )
        for row in rows.order_by("name", "pk")[:most]
    ]


def _find_contacts(text: str, most: int) -> Sequence[SearchHit]:
    rows = search(Contact.objects.all(), text).select_related("client")
    facts = rows.only("name", "job_title", "email", "phone", "client__name")
    return [
        SearchHit(
            title=row.name,
            detail=" · ".join(
                filter(None, [row.client.name, row.job_title, row.email, phone(row.phone)])
            ),
            url=f"{client_url(row.client_id)}?onglet={PEOPLE}",
        )
        for row in facts.order_by("name", "pk")[:most]
    ]


def client_url(client_id: int) -> str:
    """Return the address of a client's page in the back-office."""
    return reverse(Client.snippet_viewset.get_url_name("inspect"), args=[client_id])
