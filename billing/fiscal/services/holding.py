"""Mails that wait for a certification."""

from __future__ import annotations

from django.db import transaction

from billing.fiscal.drivers import find_settings
from billing.fiscal.services.asking import find_sale
from billing.fiscal.services.steps import locked
from billing.invoicing.models import Invoice


@transaction.atomic
def hold_mail(*, invoice: Invoice, payload: dict) -> bool:
    """Keep the mail of an invoice that waits to be certified; tell whether nothing leaves now.

    Once certified, the mail leaves with the final PDF. A company that sends proformas sends one
    at once, and the final paper afterwards.
    """
    sale = find_sale(invoice.pk)
    if sale is None:
        return False
    sale = locked(sale.pk)
    if not sale.is_pending:
        return False
    sale.held_mail = {**payload, "key": f"{payload['key']}:certified"}
    sale.save(update_fields=["held_mail"])
    chosen = find_settings(invoice.company_id)
    return chosen is None or not chosen.sends_proforma
