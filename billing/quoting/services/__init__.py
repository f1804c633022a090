"""Every change of models of quotes, and of what becomes of accepted quotes."""

from billing.quoting.services.billing import CannotBill, bill_instalment, bill_milestone
from billing.quoting.services.templates import create_from_template, save_as_template
from billing.quoting.services.transforming import CannotTransform, transform_quote

__all__ = [
    "CannotBill",
    "CannotTransform",
    "bill_instalment",
    "bill_milestone",
    "create_from_template",
    "save_as_template",
    "transform_quote",
]
