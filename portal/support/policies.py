"""What the team may do to rows of the support. Imported before any screen."""

from typing import Any

from django.db.models import Model, Q, QuerySet
from wagtail.permissions import register_permission_policy

from core.access.policies import ClosedPolicy, NeverDeletedPolicy, ReadOnlyPolicy, TeamPolicy
from portal.support.models import (
    BusinessCalendar,
    CannedReply,
    SlaPolicy,
    Ticket,
    TicketArticle,
    TicketAttachment,
    TicketCounter,
    TicketDraft,
    TicketEvent,
    TicketMessage,
    TicketReading,
    TicketTime,
    TicketWatcher,
)


class TicketPolicy(NeverDeletedPolicy):
    """Tickets are never deleted; one that was merged is read-only, its other one lives on."""

    def is_locked(self, record: Model) -> bool:
        return getattr(record, "merged_into_id", None) is not None


class CannedReplyPolicy(TeamPolicy):
    """A personal reply is read and changed by its owner alone."""

    def narrow(self, user: Any, rows: QuerySet) -> QuerySet:
        return rows.filter(Q(owner=None) | Q(owner=user))


register_permission_policy(Ticket, TicketPolicy(Ticket))
register_permission_policy(CannedReply, CannedReplyPolicy(CannedReply))
register_permission_policy(SlaPolicy, TeamPolicy(SlaPolicy))
register_permission_policy(BusinessCalendar, TeamPolicy(BusinessCalendar))
for _model in (TicketMessage, TicketAttachment, TicketEvent, TicketReading, TicketCounter):
    register_permission_policy(_model, ReadOnlyPolicy(_model))
for _model in (TicketArticle, TicketDraft, TicketTime, TicketWatcher):
    register_permission_policy(_model, ClosedPolicy(_model))
