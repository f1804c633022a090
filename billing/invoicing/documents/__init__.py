"""Documents and receipts as plain values, ready to be drawn on a page or a PDF."""

from billing.invoicing.documents.certificate import CertificateView
from billing.invoicing.documents.kinds import DocumentKind
from billing.invoicing.documents.parties import BankDetails, PartyBlock, Seller, buyer_block
from billing.invoicing.documents.parts import (
    Acceptance,
    Deduction,
    DocumentLine,
    Fact,
    FiscalSeal,
    PaymentBox,
    PlanRow,
    Row,
)
from billing.invoicing.documents.receipt import ReceiptView
from billing.invoicing.documents.view import DocumentView

__all__ = [
    "Acceptance",
    "BankDetails",
    "CertificateView",
    "Deduction",
    "DocumentKind",
    "DocumentLine",
    "DocumentView",
    "Fact",
    "FiscalSeal",
    "PartyBlock",
    "PaymentBox",
    "PlanRow",
    "ReceiptView",
    "Row",
    "Seller",
    "buyer_block",
]
