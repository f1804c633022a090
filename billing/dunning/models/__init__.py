"""Ladders, what was told by them, what holds them, and the days nothing leaves."""

from billing.dunning.models.days import DunningRun
from billing.dunning.models.holds import Dispute, Pause, PaymentPromise
from billing.dunning.models.ladders import DunningLadder, DunningStep
from billing.dunning.models.notices import DunningNotice

__all__ = [
    "Dispute",
    "DunningLadder",
    "DunningNotice",
    "DunningRun",
    "DunningStep",
    "Pause",
    "PaymentPromise",
]
