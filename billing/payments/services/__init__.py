"""Everything that changes what was paid. Callers import from here."""

from billing.payments.services.anomalies import (
    AlreadyResolved,
    CommentMissing,
    raise_anomaly,
    resolve_anomaly,
)
from billing.payments.services.attempts import (
    CannotPay,
    NotPayable,
    PaymentUnavailable,
    start_attempt,
)
from billing.payments.services.checking import check_attempt, sweep_payments
from billing.payments.services.credit import (
    CannotRelease,
    CannotUseCredit,
    release_allocation,
    use_credit,
)
from billing.payments.services.declarations import (
    CannotDeclare,
    DeclarationDecided,
    confirm_declaration,
    declare_transfer,
    refuse_declaration,
)
from billing.payments.services.inbox import Reception, receive_notification, work_inbox
from billing.payments.services.orders import (
    end_refund_order,
    find_lost_orders,
    order_refund,
    refund_power,
)
from billing.payments.services.receipts import send_receipt
from billing.payments.services.recording import (
    CannotRecord,
    ReferenceUsed,
    Slip,
    record_payment,
)
from billing.payments.services.refunds import (
    CannotRefund,
    move_cheque,
    record_refund,
    refundable,
    reverse_payment,
)
from billing.payments.services.resolving import (
    CannotResolve,
    accept_money,
    accept_reversal,
    link_to_invoice,
    refund_surplus,
)
from billing.payments.services.sales import SalePaid, routes_of, start_sale_attempt
from billing.payments.services.settlement import Outcome, apply_snapshot
from billing.payments.services.watch import watch_failures

__all__ = [
    "AlreadyResolved",
    "CannotDeclare",
    "CannotPay",
    "CannotRecord",
    "CannotRefund",
    "CannotRelease",
    "CannotResolve",
    "CannotUseCredit",
    "CommentMissing",
    "DeclarationDecided",
    "NotPayable",
    "Outcome",
    "PaymentUnavailable",
    "Reception",
    "ReferenceUsed",
    "SalePaid",
    "Slip",
    "accept_money",
    "accept_reversal",
    "apply_snapshot",
    "check_attempt",
    "confirm_declaration",
    "declare_transfer",
    "end_refund_order",
    "find_lost_orders",
    "link_to_invoice",
    "move_cheque",
    "order_refund",
    "raise_anomaly",
    "receive_notification",
    "record_payment",
    "record_refund",
    "refund_power",
    "refund_surplus",
    "refundable",
    "refuse_declaration",
    "release_allocation",
    "resolve_anomaly",
    "reverse_payment",
    "routes_of",
    "send_receipt",
    "start_attempt",
    "start_sale_attempt",
    "sweep_payments",
    "use_credit",
    "watch_failures",
    "work_inbox",
]
