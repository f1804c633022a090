"""The portal by link, as the team sees it on the page of a client."""

from collections.abc import Iterator

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.permissions import register_permission_policy

from core.access.policies import ReadOnlyPolicy
from core.accounts.models import Client
from core.audit import log
from core.backoffice.actions import add_action
from core.hooks import Section
from core.ui.formats import date_long, moment
from portal.guests.models import PortalLink

register_permission_policy(PortalLink, ReadOnlyPolicy(PortalLink))
log.declare(
    portal_link_made=_("Lien portail généré"),
    portal_link_revoked=_("Lien portail annulé"),
)

from portal.guests.admin_actions import MakePortalLink, RevokePortalLink  # noqa: E402

add_action(Client, MakePortalLink)
add_action(Client, RevokePortalLink)


@hooks.register("nourx_client_sections")
def link_of_client(client: Client) -> Iterator[Section]:
    """Tell whether a link is open, and whether somebody comes by it."""
    now = timezone.localtime()
    links = PortalLink.objects.filter(client=client, revoked_at=None).select_related("created_by")
    yield Section(
        title=_("Portail par lien"),
        headings=(_("Lien"), _("Créé"), _("S’ouvre jusqu’au"), _("Visites"), _("Dernière visite")),
        rows=lambda: [
            (
                f"{link.hint}…",
                f"{date_long(timezone.localdate(link.created_at))}, {link.created_by or '—'}",
                date_long(timezone.localdate(link.expires_at)),
                link.visits,
                moment(timezone.localtime(link.last_used_at), now) if link.last_used_at else "—",
            )
            for link in links
        ],
        empty=_("Aucun lien ouvert."),
        order=80,
        tab="personnes",
    )
