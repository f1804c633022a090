"""The team's screens of quotes, invoices, credit notes and their numbers."""

from billing.invoicing.admin.credit_notes import CreditNoteViewSet, NumberSeriesViewSet
from billing.invoicing.admin.invoices import InvoiceViewSet
from billing.invoicing.admin.quotes import QuoteViewSet

__all__ = ["CreditNoteViewSet", "InvoiceViewSet", "NumberSeriesViewSet", "QuoteViewSet"]
