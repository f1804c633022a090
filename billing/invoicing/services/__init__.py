"""Every change of a quote, an invoice or a credit note."""

from billing.invoicing.numbering import NumberOutOfOrder, next_number
from billing.invoicing.services.answers import mail_answer
from billing.invoicing.services.credit_notes import (
    CannotCredit,
    cancel_invoice,
    issue_credit_note,
)
from billing.invoicing.services.deliveries import mail_invoice, mail_quote, make_pdf
from billing.invoicing.services.drafts import (
    AlreadyInvoiced,
    PaperIsLocked,
    create_invoice_from_quote,
    duplicate_invoice,
    duplicate_quote,
    save_totals,
)
from billing.invoicing.services.invoices import (
    CannotSend,
    issue_invoice,
    mark_seen,
    mark_sent,
    send_invoice,
)
from billing.invoicing.services.issuing import CannotIssue
from billing.invoicing.services.pay_links import (
    CannotShare,
    count_opening,
    make_pay_link,
    renew_pay_link,
    revoke_pay_link,
)
from billing.invoicing.services.quotes import (
    CannotDecide,
    accept_quote,
    refuse_quote,
    send_quote,
)
from billing.invoicing.services.refusal import Refused
from billing.invoicing.services.settling import CannotWithdraw, apply_payment, withdraw_payment

__all__ = [
    "AlreadyInvoiced",
    "CannotCredit",
    "CannotDecide",
    "CannotIssue",
    "CannotSend",
    "CannotShare",
    "CannotWithdraw",
    "NumberOutOfOrder",
    "PaperIsLocked",
    "Refused",
    "accept_quote",
    "apply_payment",
    "cancel_invoice",
    "count_opening",
    "create_invoice_from_quote",
    "duplicate_invoice",
    "duplicate_quote",
    "issue_credit_note",
    "issue_invoice",
    "mail_answer",
    "mail_invoice",
    "mail_quote",
    "make_pay_link",
    "make_pdf",
    "mark_seen",
    "mark_sent",
    "next_number",
    "refuse_quote",
    "renew_pay_link",
    "revoke_pay_link",
    "save_totals",
    "send_invoice",
    "send_quote",
    "withdraw_payment",
]
