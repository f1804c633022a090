"""How well things go with clients: from 100, less what worries, told sign by sign."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Max, Min
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail import hooks

from core.accounts.models import Membership
from core.hooks import HealthSign, health_signs
from core.ui.formats import date_long

LOWEST, HIGHEST = 0, 100
FRAGILE, FAIR = 50, 75  # below the first: fragile; below the second: to watch
ABSENT_DAYS = 60
ABSENT_POINTS = -15


@dataclass(frozen=True)
class Health:
    """A score from 0 to 100, and the signs that make it, the worst first."""

    score: int
    signs: tuple[HealthSign, ...]

    @property
    def band(self) -> str:
        """Return the key of its band: good, fair or fragile."""
        return band_of(self.score)


def band_of(score: int) -> str:
    """Return the key of the band of a score."""
    if score < FRAGILE:
        return "fragile"
    return "fair" if score < FAIR else "good"


def health_from(signs: Iterable[HealthSign]) -> Health:
    """Return the health that some signs make. Good signs make up for bad ones, up to 100."""
    worst_first = tuple(sorted(signs, key=lambda sign: sign.points))
    total = HIGHEST + sum(sign.points for sign in worst_first)
    return Health(max(LOWEST, min(HIGHEST, total)), worst_first)


def health_of(client_ids: Sequence[int], *, on: date) -> dict[int, Health]:
    """Return the health of some clients on a day: one question per module for all of them."""
    found: dict[int, list[HealthSign]] = {key: [] for key in client_ids}
    for sign in health_signs(client_ids, on):
        found[sign.client_id].append(sign)
    return {key: health_from(signs) for key, signs in found.items()}


@hooks.register("nourx_health_signs")
def absent_clients(client_ids: Sequence[int], on: date) -> Iterable[HealthSign]:
    """Worry about clients whose people no longer come: the last sign-in of all of them counts."""
    since = on - timedelta(days=ABSENT_DAYS)
    rows: Any = Membership.objects.filter(client__in=client_ids, user__is_active=True)
    rows = rows.order_by().values("client_id")
    for row in rows.annotate(last=Max("user__last_login"), first=Min("created_at")):
        came = row["last"]
        seen = timezone.localdate(came or row["first"])
        if seen >= since:
            continue
        text = _("Personne ne s’est connecté depuis le %s") % date_long(seen)
        if came is None:
            text = _("Personne n’a encore ouvert son espace, invité le %s") % date_long(seen)
        yield HealthSign(row["client_id"], ABSENT_POINTS, text)
