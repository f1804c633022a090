"""Money: tries to pay, what came in, what was said about it, what does not add up."""

from billing.payments.models.accounts import MoneyAccount
from billing.payments.models.anomalies import Anomaly
from billing.payments.models.attempts import AttemptEvent, PaymentAttempt
from billing.payments.models.declarations import TransferDeclaration
from billing.payments.models.means import PaymentMethod
from billing.payments.models.notifications import ProviderNotification
from billing.payments.models.payments import Allocation, Payment, Receipt
from billing.payments.models.refunds import Refund, RefundOrder

__all__ = [
    "Allocation",
    "Anomaly",
    "AttemptEvent",
    "MoneyAccount",
    "Payment",
    "PaymentAttempt",
    "PaymentMethod",
    "ProviderNotification",
    "Receipt",
    "Refund",
    "RefundOrder",
    "TransferDeclaration",
]
