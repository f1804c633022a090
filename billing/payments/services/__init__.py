"""Everything that changes what was paid. Callers import from here."""

from billing.payments.services.anomalies import AlreadyResolved, raise_anomaly, resolve_anomaly
from billing.payments.services.attempts import (
    CannotPay,
    NotPayable,
    PaymentUnavailable,
    start_attempt,
)
from billing.payments.services.checking import check_attempt, sweep_payments
from billing.payments.services.credit import CannotUseCredit, use_credit
from billing.payments.services.inbox import Reception, receive_notification, work_inbox
from billing.payments.services.receipts import send_receipt
from billing.payments.services.recording import CannotRecord, record_payment
from billing.payments.services.refunds import CannotRefund, record_refund
from billing.payments.services.settlement import Outcome, apply_snapshot

__all__ = [
    "AlreadyResolved",
    "CannotPay",
    "CannotRecord",
    "CannotRefund",
    "CannotUseCredit",
    "NotPayable",
    "Outcome",
    "PaymentUnavailable",
    "Reception",
    "apply_snapshot",
    "check_attempt",
    "raise_anomaly",
    "receive_notification",
    "record_payment",
    "record_refund",
    "resolve_anomaly",
    "send_receipt",
    "start_attempt",
    "sweep_payments",
    "use_credit",
    "work_inbox",
]
