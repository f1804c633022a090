"""Pages of quotes and invoices in the client’s space."""

from billing.invoicing.views.files import CreditNotePdfView, InvoicePdfView, QuotePdfView
from billing.invoicing.views.invoices import InvoiceView
from billing.invoicing.views.lists import PaperListView
from billing.invoicing.views.quotes import AcceptQuoteView, QuoteView, RefuseQuoteView

__all__ = [
    "AcceptQuoteView",
    "CreditNotePdfView",
    "InvoicePdfView",
    "InvoiceView",
    "PaperListView",
    "QuotePdfView",
    "QuoteView",
    "RefuseQuoteView",
]
