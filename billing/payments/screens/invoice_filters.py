"""What payments add to the filters of invoices: the means that paid them."""

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter

from billing.invoicing.admin.filters import InvoiceFilterSet
from billing.invoicing.models import Invoice
from billing.payments.models import Allocation, PaymentMethod


def paid_by(rows: QuerySet[Invoice], name: str, value: str) -> QuerySet[Invoice]:
    """Keep the invoices that money of a means has gone to."""
    here = Allocation.objects.filter(invoice=OuterRef("pk"), payment__method=value)
    return rows.filter(Exists(here)) if value else rows


InvoiceFilterSet.add_filter(
    "method",
    ChoiceFilter(label=_("Moyen de paiement"), choices=PaymentMethod.choices, method=paid_by),
)
