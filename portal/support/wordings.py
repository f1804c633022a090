"""The mails about tickets that the team may write in its own words."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from core.notify.wordings import declare_wording
from portal.support.models import Ticket
from portal.support.notices import page_of
from portal.support.promises import answer_promise

NEWEST = 25


def _samples() -> list[tuple[str, str]]:
    rows = Ticket.objects.select_related("client").order_by("-updated_at", "-pk")[:NEWEST]
    return [(str(one.pk), f"{one} · {one.client.name}") for one in rows]


def _context(key: str) -> Mapping[str, Any] | None:
    ticket = Ticket.objects.filter(pk=int(key) if key.isdecimal() and len(key) < 18 else 0).first()
    if ticket is None:
        return None
    said = ticket.messages.filter(is_internal=False).order_by("pk").first()
    return {
        "number": ticket.number,
        "subject": ticket.subject,
        "body": said.body if said else "",
        "promise": answer_promise(ticket),
        "url": settings.BASE_URL + page_of(ticket),
    }


declare_wording(
    "support/received",
    label=_("Accusé de réception d’une demande"),
    placeholders={
        "numero": ("number", _("numéro de la demande"), "T-118"),
        "objet": ("subject", _("objet de la demande"), "Le formulaire ne part plus"),
        "message": ("body", _("message du client"), "Depuis ce matin, rien ne part…"),
        "delai": ("promise", _("délai de réponse promis"), "Réponse attendue avant 17 h 30."),
    },
    button=("url", _("Suivre ma demande")),
    samples=_samples,
    context_of=_context,
)
