"""Invoices that are late, the oldest first, on the home page of the team."""

from collections.abc import Iterator
from datetime import date

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail import hooks

from billing.invoicing.models import Invoice
from billing.invoicing.queries import HEAVY
from core.hooks import Alert, Alerts
from core.money import format_short

SERIOUS_AFTER = 30  # days late


@hooks.register("nourx_team_alerts")
def late_invoices(request: HttpRequest) -> Iterator[Alerts]:
    """Bring up invoices past their due date, whoever reminds of them."""
    if not request.user.has_perm("invoicing.view_invoice"):
        return
    today = timezone.localdate()
    late = Invoice.objects.overdue(today)
    oldest = late.select_related("client").defer(*HEAVY, "client__search_vector")
    yield Alerts(
        kind="invoice-late",
        label=_("Factures échues"),
        url=reverse("rapport_impayes"),
        rows=lambda most: [_late(row, today) for row in oldest.order_by("due_date", "pk")[:most]],
        total=late,
        order=40,
    )


def _late(row: Invoice, today: date) -> Alert:
    days = (today - row.due_date).days
    said = {"number": row.number, "client": row.client}
    left = {"amount": format_short(row.amount_due, row.currency), "days": days}
    return Alert(
        key=f"invoice-late:{row.pk}",
        group="relances",
        title=_text("%(number)s · %(client)s") % said,
        detail=ngettext(
            "Reste %(amount)s, échue depuis %(days)s jour",
            "Reste %(amount)s, échue depuis %(days)s jours",
            days,
        )
        % left,
        url=reverse("wagtailsnippets_invoicing_invoice:inspect", args=[row.pk]),
        weight=80 if days > SERIOUS_AFTER else 60,
        tone="bad" if days > SERIOUS_AFTER else "warn",
        since=row.due_date,
        client_id=row.client_id,
    )
