"""What the home page shows of deals: payments of opportunities that did not go through."""

from collections.abc import Iterator

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from billing.deals.models import DealPayment
from billing.payments.models import PaymentAttempt
from core.hooks import Alert, Alerts
from core.money import format_amount

LIST = "wagtailsnippets_crm_opportunity:list"
PAGE = "wagtailsnippets_crm_opportunity:inspect"


@hooks.register("nourx_team_alerts")
def failed_payments(request: HttpRequest) -> Iterator[Alerts]:
    if not request.user.has_perm("crm.view_opportunity"):
        return
    rows = DealPayment.objects.filter(
        state=DealPayment.State.WAITING, attempt__state=PaymentAttempt.State.FAILED
    )
    newest = rows.select_related("opportunity", "attempt", "client").order_by("-updated_at", "pk")
    yield Alerts(
        kind="deal-failed",
        label=_("Paiements d’opportunités refusés"),
        url=reverse(LIST),
        rows=lambda most: [_alert(row) for row in newest[:most]],
        total=rows,
        order=25,
    )


def _alert(row: DealPayment) -> Alert:
    sale = row.opportunity
    amount = format_amount(row.amount, row.currency)
    return Alert(
        key=f"deal-failed:{row.attempt_id}",
        group="commercial",
        title=_text("Paiement refusé : %(title)s") % {"title": sale.title},
        detail=_text("%(amount)s, %(client)s") % {"amount": amount, "client": row.client},
        url=reverse(PAGE, args=[sale.pk]),
        weight=75,
        tone="bad",
        since=timezone.localtime(row.attempt.ended_at or row.updated_at).date(),
        client_id=row.client_id,
    )
