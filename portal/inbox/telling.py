"""Telling the team that a message waits for somebody."""

from django.contrib.auth import get_user_model
from django.db.models import Q
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from core.access.staff_roles import StaffRole
from core.notify.team import tell_staff
from portal.inbox.models import IncomingMail


def tell_of_waiting(mail: IncomingMail) -> None:
    """Tell whoever follows its ticket, or else managers and owners; under the bell alone."""
    follower = mail.ticket.assignee if mail.ticket is not None else None
    people = [follower] if follower is not None else list(_managers())
    tell_staff(
        "mail_waiting",
        to=people,
        text=format_lazy(
            _("Courrier de {sender} : {state}"),
            sender=mail.sender or _("inconnu"),
            state=mail.get_state_display(),
        ),
        detail=mail.subject,
        url=reverse("wagtailsnippets_inbox_incomingmail:inspect", args=[mail.pk]),
        key=str(mail.pk),
        client_id=mail.client_id,
        mails=False,
    )


def _managers() -> list:
    roles = Q(is_superuser=True) | Q(groups__name=StaffRole.MANAGER)
    rows = get_user_model().objects.filter(roles, is_active=True, is_staff=True)
    return list(rows.distinct().order_by("pk")[:50])
