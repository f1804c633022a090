"""Pages of quotes and invoices in the client’s space."""

from billing.invoicing.views.files import CreditNotePdfView, InvoicePdfView, QuotePdfView
from billing.invoicing.views.invoices import InvoiceView
from billing.invoicing.views.lists import PaperListView
from billing.invoicing.views.pay_links import PayLinkView
from billing.invoicing.views.quotes import (
    AcceptQuoteView,
    CertificateView,
    ChooseOptionsView,
    QuoteView,
    RefuseQuoteView,
)

__all__ = [
    "AcceptQuoteView",
    "CertificateView",
    "ChooseOptionsView",
    "CreditNotePdfView",
    "InvoicePdfView",
    "InvoiceView",
    "PaperListView",
    "PayLinkView",
    "QuotePdfView",
    "QuoteView",
    "RefuseQuoteView",
]
