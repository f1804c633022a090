"""Watching how many payments fail: one alert per episode, and a word when it is over."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from billing.payments.models import Anomaly, PaymentAttempt
from billing.payments.services.anomalies import raise_anomaly, tell_of_end
from core import rls
from core.audit.log import record

State = PaymentAttempt.State
WINDOW = timedelta(hours=1)


def watch_failures(*, at: datetime) -> list[Anomaly]:
    """Look at the attempts of the last hour, provider by provider; return what changed.

    A share of failures above `PAYMENTS_FAILURE_PERCENT`, of `PAYMENTS_FAILURE_LEAST` ended
    attempts at least, opens an episode and tells the team; back below, the episode ends.
    """
    with rls.staff("payments: failures are counted over all clients"):
        counts = _count(at)
        open_ones = {row.key.split(":")[1]: row for row in _open_episodes()}
        changed = []
        for provider in sorted({*counts, *open_ones}):
            failed, ended = counts.get(provider, (0, 0))
            is_bad = _is_bad(failed, ended)
            if is_bad and provider not in open_ones:
                changed.append(_open(provider, failed, ended, at))
            elif not is_bad and provider in open_ones:
                changed.append(_end(open_ones[provider], at))
    return changed


def _count(at: datetime) -> dict[str, tuple[int, int]]:
    """Return (failed, ended) per provider, of the attempts that ended within the hour."""
    rows = PaymentAttempt.objects.filter(ended_at__gt=at - WINDOW, ended_at__lte=at)
    over = Q(state__in=[State.FAILED, State.SUCCEEDED, State.REVIEW])
    sums = (
        rows.order_by()
        .values("provider")
        .annotate(failed=Count("pk", filter=Q(state=State.FAILED)), ended=Count("pk", filter=over))
    )
    return {row["provider"]: (row["failed"], row["ended"]) for row in sums}


def _is_bad(failed: int, ended: int) -> bool:
    is_enough = ended >= settings.PAYMENTS_FAILURE_LEAST
    return is_enough and 100 * failed > settings.PAYMENTS_FAILURE_PERCENT * ended


def _open_episodes() -> list[Anomaly]:
    return list(Anomaly.objects.filter(kind=Anomaly.Kind.FAILURES, ended_at=None))


def _open(provider: str, failed: int, ended: int, at: datetime) -> Anomaly:
    detail = _(
        "%(provider)s : %(failed)s paiements en échec sur %(ended)s terminés depuis une heure."
    )
    return raise_anomaly(
        key=f"failures:{provider}:{at:%Y%m%d%H%M}",
        kind=Anomaly.Kind.FAILURES,
        detail=detail % {"provider": provider, "failed": failed, "ended": ended},
        at=at,
    )


def _end(anomaly: Anomaly, at: datetime) -> Anomaly:
    """End an episode: it needs nobody any more."""
    anomaly.ended_at = at
    if anomaly.resolved_at is None:
        anomaly.resolved_at, anomaly.resolution = at, _("Les paiements passent de nouveau.")
    anomaly.save(update_fields=["ended_at", "resolved_at", "resolution"])
    record("payment_anomaly_resolved", anomaly, comment=anomaly.resolution)
    tell_of_end(anomaly)
    return anomaly
