"""What the support adds elsewhere: the client’s pages, the team’s screens."""

from django.utils.translation import gettext_lazy as _

from core.audit.log import declare
from core.notify.staff_events import declare_staff_event
from portal.support import policies  # noqa: F401  before any screen
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
    ticket_assigned=_("Ticket confié"),
    ticket_sorted=_("Ticket : priorité"),
    ticket_escalated=_("Ticket escaladé"),
    ticket_late=_("Ticket : délai dépassé"),
    ticket_closed_by_team=_("Ticket résolu par l’équipe"),
    ticket_merged=_("Ticket réuni à un autre"),
    ticket_unmerged=_("Ticket de nouveau à part"),
    ticket_split=_("Ticket : message séparé"),
    ticket_watched=_("Ticket : abonnés"),
    ticket_time=_("Ticket : temps passé"),
    ticket_article=_("Ticket : article joint"),
    ticket_article_off=_("Ticket : article retiré"),
    ticket_promised_anew=_("Ticket : délais recalculés"),
    ticket_corrective=_("Ticket : action corrective"),
    sla_recomputed=_("Délais des demandes ouvertes à recalculer"),
)
declare_events()
for _event, _label in {
    "ticket_assigned": _("Une demande m’est confiée"),
    "ticket_mentioned": _("On me cite dans la note d’une demande"),
    "ticket_watched": _("On écrit sur une demande que je suis"),
    "ticket_escalated": _("Une demande est escaladée"),
    "ticket_late": _("Le délai promis d’une demande est dépassé"),
}.items():
    declare_staff_event(_event, label=_label, group=_("Support"))

from portal.support import (  # noqa: E402, F401  register their parts
    client_card,
    history,
    personal_data,
    portal_hooks,
    rule_facts,
    screens,
    wordings,
)
