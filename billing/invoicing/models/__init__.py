"""Papers between us and a client: quotes, invoices, credit notes, and their numbers."""

from billing.invoicing.models.adjustments import Adjustment, DepositDeduction
from billing.invoicing.models.answers import QuoteAnswer
from billing.invoicing.models.credit_notes import CreditNote, CreditNoteLine
from billing.invoicing.models.instalments import Instalment, QuoteInstalment
from billing.invoicing.models.invoices import Invoice, InvoiceEvent, InvoiceLine
from billing.invoicing.models.lines import PaperLine
from billing.invoicing.models.numbers import NumberSeries
from billing.invoicing.models.pay_links import PayLink
from billing.invoicing.models.quotes import Quote, QuoteLine

__all__ = [
    "Adjustment",
    "CreditNote",
    "CreditNoteLine",
    "DepositDeduction",
    "Instalment",
    "Invoice",
    "InvoiceEvent",
    "InvoiceLine",
    "NumberSeries",
    "PaperLine",
    "PayLink",
    "Quote",
    "QuoteAnswer",
    "QuoteInstalment",
    "QuoteLine",
]
