"""Money that waits for somebody: what does not add up, and payments that clients declared."""

from collections.abc import Iterator

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from billing.payments import queries
from billing.payments.models import Anomaly, TransferDeclaration
from core.hooks import Alert, Alerts
from core.money import format_short

PENDING = TransferDeclaration.State.PENDING


@hooks.register("nourx_team_alerts")
def money_to_look_at(request: HttpRequest) -> Iterator[Alerts]:
    """Bring up open anomalies, and declared payments that nobody confirmed or refused."""
    if not request.user.has_perm("payments.view_payment"):
        return
    anomalies = queries.open_anomalies()
    newest = anomalies.select_related("client").defer("client__search_vector")
    yield Alerts(
        kind="payment-anomaly",
        label=_("Paiements à vérifier"),
        url=reverse("wagtailsnippets_payments_anomaly:list") + "?resolved_at__isnull=true",
        rows=lambda most: [_anomaly(row) for row in newest.order_by("raised_at", "pk")[:most]],
        total=anomalies,
        order=10,
    )
    declared = TransferDeclaration.objects.filter(state=PENDING)
    first = declared.select_related("client", "invoice").defer("client__search_vector")
    yield Alerts(
        kind="payment-declared",
        label=_("Paiements déclarés"),
        url=reverse("wagtailsnippets_payments_transferdeclaration:list") + "?state=pending",
        rows=lambda most: [_declared(row) for row in first.order_by("declared_at", "pk")[:most]],
        total=declared,
        order=20,
    )


def _anomaly(row: Anomaly) -> Alert:
    return Alert(
        key=f"payment-anomaly:{row.pk}",
        group="encaissements",
        title=f"{row.get_kind_display()} · {row.client}" if row.client else row.get_kind_display(),
        detail=row.detail[:160],
        url=reverse("wagtailsnippets_payments_anomaly:inspect", args=[row.pk]),
        weight=95,
        tone="bad",
        since=timezone.localdate(row.raised_at),
        client_id=row.client_id,
    )


def _declared(row: TransferDeclaration) -> Alert:
    said = {"amount": format_short(row.amount, row.currency), "client": row.client}
    return Alert(
        key=f"payment-declared:{row.pk}",
        group="encaissements",
        title=_text("%(client)s dit avoir payé %(amount)s") % said,
        detail=_text("Facture %s, à confirmer ou à refuser") % row.invoice.number,
        url=reverse("wagtailsnippets_payments_transferdeclaration:inspect", args=[row.pk]),
        weight=75,
        since=timezone.localdate(row.declared_at),
        client_id=row.client_id,
    )
