"""What every gateway checks before anything leaves: the amount and its currency."""

from __future__ import annotations

from django.utils.translation import gettext as _

from .base import Capabilities, Money
from .errors import GatewayRejected


def require_within(capabilities: Capabilities, money: Money) -> None:
    """Check an amount, in minor units, against what a gateway takes.

    :raises GatewayRejected: with a sentence for the payer when the amount is the reason.
    """
    if money.currency not in capabilities.currencies:
        raise GatewayRejected(f"currency {money.currency} is not sold here", alert=True)
    if type(money.amount) is not int:
        raise GatewayRejected("amount is not a whole number", alert=True)
    if money.amount < capabilities.min_amount[money.currency]:
        raise GatewayRejected(
            f"amount {money.amount} is below the minimum",
            payer_message=_("Ce montant est trop faible pour être payé en ligne."),
        )
    if money.amount > capabilities.max_amount[money.currency]:
        raise GatewayRejected(
            f"amount {money.amount} is above the ceiling",
            payer_message=_("Ce montant dépasse le plafond. Payez en plusieurs fois."),
        )
    if money.amount % capabilities.step[money.currency]:
        raise GatewayRejected(f"amount {money.amount} is not on the step", alert=True)
