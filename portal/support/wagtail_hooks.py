"""What the support adds elsewhere: the client’s pages, the team’s screens."""

from django.utils.translation import gettext_lazy as _

from core.audit.log import declare

declare(
    ticket_opened=_("Ticket ouvert"),
    ticket_answered=_("Ticket : réponse"),
    ticket_reminded=_("Rappel du délai promis"),
    ticket_changed=_("Ticket modifié"),
)

from portal.support import admin_screens, portal_hooks  # noqa: E402, F401  register their parts
