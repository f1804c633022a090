"""What the support adds elsewhere: the client’s pages, the team’s screens."""

from django.utils.translation import gettext_lazy as _

from core.audit.log import declare
from portal.support.notices import declare_events

declare(
    ticket_opened=_("Ticket ouvert"),
    ticket_answered=_("Ticket : réponse"),
    ticket_noted=_("Ticket : note interne"),
    ticket_reopened=_("Ticket rouvert"),
    ticket_solved=_("Ticket résolu par le client"),
    ticket_closed=_("Ticket fermé après trente jours"),
    ticket_rated=_("Ticket : satisfaction"),
    ticket_reminded=_("Rappel du délai promis"),
    ticket_changed=_("Ticket modifié"),
)
declare_events()

from portal.support import (  # noqa: E402, F401  register their parts
    admin_screens,
    personal_data,
    portal_hooks,
    wordings,
)
