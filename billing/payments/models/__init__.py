"""Money: tries to pay, what came in, what was said about it, what does not add up."""

from billing.payments.models.anomalies import Anomaly
from billing.payments.models.attempts import AttemptEvent, PaymentAttempt
from billing.payments.models.notifications import ProviderNotification
from billing.payments.models.payments import Allocation, Payment, PaymentMethod, Receipt, Refund

__all__ = [
    "Allocation",
    "Anomaly",
    "AttemptEvent",
    "Payment",
    "PaymentAttempt",
    "PaymentMethod",
    "ProviderNotification",
    "Receipt",
    "Refund",
]
