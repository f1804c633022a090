"""Noting that a mail of ours came back: on the mail, and on the address when it is for good."""

from datetime import datetime

from django.db.models import F
from django.utils.translation import gettext as _

from core.audit.log import record
from core.notify.models import OutgoingMail, UndeliverableAddress
from portal.inbox.headers import Bounce


def note_bounce(bounce: Bounce, *, at: datetime) -> str:
    """Write a bounce down and say in French what it was. The caller is in the team's scope.

    An address is marked only when the report names a mail that we really sent to it: anybody can
    write a report about anybody.
    """
    mail = OutgoingMail.objects.filter(message_id=bounce.message_id or "-").first()
    if mail is None:
        return _("Retour d’un message qui n’est pas de nous.")
    OutgoingMail.objects.filter(pk=mail.pk).update(
        bounced_at=at, bounce_reason=bounce.reason or bounce.address
    )
    sent_to = {address.lower() for address in mail.recipients}
    if bounce.is_final and bounce.address in sent_to:
        _mark(bounce, at)
        record("mail_bounced", mail, address=bounce.address)
        return _("%(address)s ne reçoit pas : %(why)s") % {
            "address": bounce.address,
            "why": bounce.reason,
        }
    return _("Retard ou retour passager : %(why)s") % {"why": bounce.reason}


def _mark(bounce: Bounce, at: datetime) -> None:
    row, is_new = UndeliverableAddress.objects.get_or_create(
        email=bounce.address,
        defaults={"reason": bounce.reason, "since": at, "last_at": at},
    )
    if not is_new:
        UndeliverableAddress.objects.filter(pk=row.pk).update(
            bounces=F("bounces") + 1, last_at=at, reason=bounce.reason
        )
