"""Every change to sales: where they stand, when we call again, what was said."""

from portal.crm.services.emails import (
    Email,
    ExchangeRefused,
    KeptAlready,
    keep_email,
    keep_exchange,
    remove_interaction,
)
from portal.crm.services.exchanges import note_interaction, pin_interaction
from portal.crm.services.follow_ups import (
    FollowUpRefused,
    finish_follow_up,
    plan_follow_up,
    postpone_follow_up,
)
from portal.crm.services.opportunities import assign_opportunity, note_opportunity, rescore_open
from portal.crm.services.pipeline import CannotMove, ReasonNeeded, empty_stage, move_opportunity
from portal.crm.services.prospects import Introduction, start_prospect

__all__ = [
    "CannotMove",
    "Email",
    "ExchangeRefused",
    "FollowUpRefused",
    "Introduction",
    "KeptAlready",
    "ReasonNeeded",
    "assign_opportunity",
    "empty_stage",
    "finish_follow_up",
    "keep_email",
    "keep_exchange",
    "move_opportunity",
    "note_interaction",
    "note_opportunity",
    "pin_interaction",
    "plan_follow_up",
    "postpone_follow_up",
    "remove_interaction",
    "rescore_open",
    "start_prospect",
]
