"""What became of the messages of reminders: read from the mails and texts themselves."""

from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.dunning.models import DunningNotice
from core.notify.models import OutgoingMail, OutgoingText

CHANNELS = {
    "email": gettext_lazy("E-mail"),
    "sms": gettext_lazy("SMS"),
    "whatsapp": gettext_lazy("WhatsApp"),
    "letter": gettext_lazy("Lettre"),
}
STATES = {**dict(OutgoingMail.State.choices), **dict(OutgoingText.State.choices)}


def with_results(notices: QuerySet[DunningNotice]) -> QuerySet[DunningNotice]:
    """Add the state of what left by each channel, in the same query."""
    mails = OutgoingMail.objects.filter(key=OuterRef("key"))
    return notices.annotate(
        email_state=Subquery(mails.values("state")[:1]),
        sms_state=_text_state("sms"),
        whatsapp_state=_text_state("whatsapp"),
    )


def result_of(notice: Any) -> str:
    """Say by which ways a reminder left and what came of each; of a row of `with_results`."""
    if not notice.is_sent:
        return _("Passée : une étape plus loin")
    said = []
    for name in notice.channels:
        if name == "letter":
            state: Any = _("jointe") if notice.letter_id else _("en préparation")
        else:
            state = STATES.get(getattr(notice, f"{name}_state", None), _("En préparation"))
        said.append(f"{CHANNELS.get(name, name)} : {str(state).lower()}")
    return " · ".join(said) or _("Envoyée")


def _text_state(channel: str) -> Subquery:
    key = Concat(OuterRef("key"), Value(f":{channel}"))
    rows = OutgoingText.objects.filter(key=key)
    return Subquery(rows.values("state")[:1])
