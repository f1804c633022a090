"""Every act on won opportunities: their payment link, what came of it, their conversion."""

from billing.deals.services.converting import (
    CannotConvert,
    convert_opportunity,
    follow_transformation,
)
from billing.deals.services.paying import (
    NotWon,
    make_payment_link,
    mark_paid,
    mark_returned,
)

__all__ = [
    "CannotConvert",
    "NotWon",
    "convert_opportunity",
    "follow_transformation",
    "make_payment_link",
    "mark_paid",
    "mark_returned",
]
