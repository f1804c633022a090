"""Mail and texts that leave, notices shown in the portal, templates, and the team’s rules."""

from core.notify.models.notices import (
    DeliveryWishes,
    DigestEntry,
    Notification,
    NotificationPreference,
    PushSubscription,
    TeamNotice,
)
from core.notify.models.outgoing import (
    OutgoingMail,
    OutgoingText,
    TextRefusal,
    UndeliverableAddress,
)
from core.notify.models.rules import NotificationRule, RuleCondition, RuleSend
from core.notify.models.templates import MessageTemplate, MessageVersion

__all__ = [
    "DeliveryWishes",
    "DigestEntry",
    "MessageTemplate",
    "MessageVersion",
    "Notification",
    "NotificationPreference",
    "NotificationRule",
    "OutgoingMail",
    "OutgoingText",
    "PushSubscription",
    "RuleCondition",
    "RuleSend",
    "TeamNotice",
    "TextRefusal",
    "UndeliverableAddress",
]
