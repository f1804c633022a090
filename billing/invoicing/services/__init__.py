"""Every change of a quote, an invoice or a credit note."""

from billing.invoicing.numbering import NumberOutOfOrder, next_number
from billing.invoicing.services.adjusting import (
    CannotAdjust,
    adjustments_of,
    record_adjustment,
    undo_adjustment,
)
from billing.invoicing.services.answers import mail_answer
from billing.invoicing.services.choices import (
    CannotDecide,
    Choice,
    TotalChanged,
    price_choice,
)
from billing.invoicing.services.credit_notes import cancel_invoice, issue_credit_note
from billing.invoicing.services.credit_plans import CannotCredit, plan_credit
from billing.invoicing.services.decisions import accept_quote, refuse_quote
from billing.invoicing.services.deliveries import mail_invoice, mail_quote, make_pdf
from billing.invoicing.services.deposits import (
    CannotDeposit,
    bill_quote,
    choose_deposits,
    create_deposit,
    create_final,
    left_to_invoice,
    open_deposits_for,
    open_deposits_of,
)
from billing.invoicing.services.drafts import (
    AlreadyInvoiced,
    PaperIsLocked,
    create_invoice_from_quote,
    duplicate_invoice,
    save_totals,
)
from billing.invoicing.services.following import (
    CannotFollow,
    copy_quote_rows,
    duplicate_quote,
    mark_quote_seen,
    prolong_quote,
    remind_expiring,
    remind_quote,
    revise_quote,
)
from billing.invoicing.services.invoices import (
    CannotSend,
    issue_invoice,
    mark_seen,
    mark_sent,
    send_invoice,
)
from billing.invoicing.services.issuing import CannotIssue, SumsChanged
from billing.invoicing.services.pay_links import (
    CannotShare,
    count_opening,
    make_pay_link,
    renew_pay_link,
    revoke_pay_link,
)
from billing.invoicing.services.plans import CannotPlan, save_plan
from billing.invoicing.services.quotes import send_quote
from billing.invoicing.services.refusal import Refused
from billing.invoicing.services.settling import CannotWithdraw, apply_payment, withdraw_payment

__all__ = [
    "AlreadyInvoiced",
    "CannotAdjust",
    "CannotCredit",
    "CannotDecide",
    "CannotDeposit",
    "CannotFollow",
    "CannotIssue",
    "CannotPlan",
    "CannotSend",
    "CannotShare",
    "CannotWithdraw",
    "Choice",
    "NumberOutOfOrder",
    "PaperIsLocked",
    "Refused",
    "SumsChanged",
    "TotalChanged",
    "accept_quote",
    "adjustments_of",
    "apply_payment",
    "bill_quote",
    "cancel_invoice",
    "choose_deposits",
    "copy_quote_rows",
    "count_opening",
    "create_deposit",
    "create_final",
    "create_invoice_from_quote",
    "duplicate_invoice",
    "duplicate_quote",
    "issue_credit_note",
    "issue_invoice",
    "left_to_invoice",
    "mail_answer",
    "mail_invoice",
    "mail_quote",
    "make_pay_link",
    "make_pdf",
    "mark_quote_seen",
    "mark_seen",
    "mark_sent",
    "next_number",
    "open_deposits_for",
    "open_deposits_of",
    "plan_credit",
    "price_choice",
    "prolong_quote",
    "record_adjustment",
    "refuse_quote",
    "remind_expiring",
    "remind_quote",
    "renew_pay_link",
    "revise_quote",
    "revoke_pay_link",
    "save_plan",
    "save_totals",
    "send_invoice",
    "send_quote",
    "undo_adjustment",
    "withdraw_payment",
]
