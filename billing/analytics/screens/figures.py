"""What the team's home page says of analysis."""

from collections.abc import Iterator
from datetime import timedelta

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from billing.analytics import figures
from billing.analytics.cards import Card
from billing.analytics.choice import Choice
from billing.analytics.periods import Period
from billing.analytics.queries.home import habits, last_move
from billing.analytics.screens.page import may_view
from billing.analytics.tables import DAYS, SHARE
from core.hooks import TeamFigure
from core.kept import kept

DAYS_SEEN = 90
SECONDS_KEPT = 300  # ninety days do not change in a minute


@hooks.register("nourx_team_figures")
def payment_habits(request: HttpRequest) -> Iterator[TeamFigure]:
    """Say how long clients take to pay, and how many pay online, over ninety days, in francs."""
    if not may_view(request):
        return
    today = timezone.localdate()
    period = Period(today - timedelta(days=DAYS_SEEN - 1), today)
    url = reverse("billing_analytics") + f"?periode=jours&du={period.first}&au={period.last}"
    choice = Choice(period=period, today=today)
    found = kept(f"habits:{period.last}:{last_move()}", SECONDS_KEPT, lambda: habits(choice))
    dso = figures.simple_dso(found.owed, found.sold, period.days)
    for label, value, kind, order in (
        (_("DSO"), dso, DAYS, 40),
        (_("Payées en ligne"), figures.ratio(found.online, found.settled), SHARE, 41),
    ):
        card = Card(label, value, kind, "")
        yield TeamFigure(
            group="facturation",
            label=label,
            value=card.text,
            url=url,
            order=order,
            hint=_("sur 90 jours") if value is not None else _("pas encore de données"),
        )
