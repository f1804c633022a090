"""Where drafts come from besides a person: contracts that come back, time spent, batches."""

from billing.sources.models.batches import BatchItem, InvoiceBatch
from billing.sources.models.recurring import (
    RecurringInvoice,
    RecurringLine,
    RecurringPause,
    RecurringRun,
)
from billing.sources.models.time import BilledTime, OfferedTime, RateCard

__all__ = [
    "BatchItem",
    "BilledTime",
    "InvoiceBatch",
    "OfferedTime",
    "RateCard",
    "RecurringInvoice",
    "RecurringLine",
    "RecurringPause",
    "RecurringRun",
]
