"""Every change of a certification, and of how papers are certified."""

from billing.fiscal.services.asking import ask_for_credit, ask_for_invoice, find_sale
from billing.fiscal.services.configuring import keep_key, try_connection
from billing.fiscal.services.holding import hold_mail
from billing.fiscal.services.outcomes import finish_sending
from billing.fiscal.services.resolving import AlreadyDecided, confirm_certified, send_again
from billing.fiscal.services.sending import PATIENCE, begin_sending, certify, find_lost, sweep

__all__ = [
    "PATIENCE",
    "AlreadyDecided",
    "ask_for_credit",
    "ask_for_invoice",
    "begin_sending",
    "certify",
    "confirm_certified",
    "find_lost",
    "find_sale",
    "finish_sending",
    "hold_mail",
    "keep_key",
    "send_again",
    "sweep",
    "try_connection",
]
