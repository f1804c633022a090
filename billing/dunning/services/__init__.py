"""What reminding does: send what a day calls for, hold an invoice, and let it go."""

from billing.dunning.services.holds import (
    CannotHold,
    close_dispute,
    contest_invoice,
    end_pause,
    open_dispute,
    pause_reminders,
    promise_payment,
    settle_promises,
    skip_today,
)
from billing.dunning.services.letters import send_with_letter
from billing.dunning.services.sending import (
    CannotRemind,
    find_reminders,
    remind_now,
    send_reminders,
    send_test,
)

__all__ = [
    "CannotHold",
    "CannotRemind",
    "close_dispute",
    "contest_invoice",
    "end_pause",
    "find_reminders",
    "open_dispute",
    "pause_reminders",
    "promise_payment",
    "remind_now",
    "send_reminders",
    "send_test",
    "send_with_letter",
    "settle_promises",
    "skip_today",
]
