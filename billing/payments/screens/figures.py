"""What the team's home page says of payments."""

from collections.abc import Iterator

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from billing.payments import gateways, queries
from core.hooks import TeamFigure
from core.money import format_short


@hooks.register("nourx_team_figures")
def payment_figures(request: HttpRequest) -> Iterator[TeamFigure]:
    """Tell what came in this month, what does not add up, and whether online payment is off."""
    if not request.user.has_perm("payments.view_payment"):
        return
    today = timezone.localdate()
    received, has_sandbox_money = queries.came_in_month(today)
    yield TeamFigure(
        group="facturation",
        label=_("Encaissé ce mois"),
        value=format_short(received, "XOF"),
        url=reverse("wagtailsnippets_payments_payment:list"),
        order=30,
        tone="ok",
        hint=_("Hors paiements d’essai") if has_sandbox_money else "",
    )
    yield TeamFigure(
        group="facturation",
        label=_("Paiements à vérifier"),
        value=queries.open_anomalies(),
        url=reverse("wagtailsnippets_payments_anomaly:list") + "?resolved_at__isnull=true",
        order=5,
        tone="bad",
    )
    if problems := gateways.find_team_problems():
        yield TeamFigure(
            group="facturation",
            label=_("Paiement en ligne"),
            value=_("Désactivé"),
            url=reverse("wagtailsnippets_payments_paymentattempt:list"),
            order=6,
            tone="warn",
            hint=" ".join(problems),
        )
