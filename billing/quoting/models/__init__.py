"""Models of quotes to start from, and what became of accepted quotes."""

from billing.quoting.models.billing import BilledPart, Transformation
from billing.quoting.models.templates import (
    QuoteTemplate,
    QuoteTemplateInstalment,
    QuoteTemplateLine,
)

__all__ = [
    "BilledPart",
    "QuoteTemplate",
    "QuoteTemplateInstalment",
    "QuoteTemplateLine",
    "Transformation",
]
