"""The team's screens of models of quotes, and the buttons that make work and invoices of them."""

from billing.quoting.admin.acts import (
    BillInstalment,
    BillMilestone,
    SaveAsTemplate,
    TransformQuote,
)
from billing.quoting.admin.instalments import InstalmentViewSet
from billing.quoting.admin.templates import QuoteTemplateViewSet

__all__ = [
    "BillInstalment",
    "BillMilestone",
    "InstalmentViewSet",
    "QuoteTemplateViewSet",
    "SaveAsTemplate",
    "TransformQuote",
]
