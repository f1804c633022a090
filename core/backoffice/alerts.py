"""What the team must look at today: alerts of every module, in order, less those put off.

An alert is never stored: its module tells it as long as it is true. Somebody may put it off for
themselves until a moment; a task made of it is kept for everybody to see.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core import rls
from core.audit.log import record
from core.backoffice.models import AlertFollowUp, AlertSnooze
from core.counting import count_those
from core.hooks import Alert, Alerts, team_alerts
from core.kept import kept

URGENCY, DATE, GROUP = "urgence", "date", "domaine"
ORDERS = {URGENCY: _("Les plus urgentes"), DATE: _("Les plus anciennes"), GROUP: _("Par domaine")}
DELAYS = {"demain": 1, "3-jours": 3, "semaine": 7}  # days, at the hour of opening
DELAY_WORDS = {"demain": _("À demain"), "3-jours": _("De 3 jours"), "semaine": _("D’une semaine")}
OPENING_HOUR = 7
LONGEST_KEY = 120
SECONDS_KEPT = 30


class CannotSnooze(ValueError):
    """What was asked is no alert, or no delay."""


@dataclass(frozen=True)
class ShownAlert:
    """An alert as a person sees it: with the task made of it, or until when they put it off."""

    alert: Alert
    follow_up: AlertFollowUp | None = None
    snoozed_until: datetime | None = None


@dataclass(frozen=True)
class AlertKind:
    """A kind of alerts: how many there are, put off or not, and the list of all of them."""

    key: str
    label: Any
    url: str
    total: int


@dataclass(frozen=True)
class TodaysAlerts:
    """What a person reads: alerts, how many there are in all, and how many they put off."""

    rows: Sequence[ShownAlert]
    kinds: Sequence[AlertKind]
    snoozed: int

    @property
    def total(self) -> int:
        """Return how many alerts there are, those put off included."""
        return sum(kind.total for kind in self.kinds)


def todays_alerts(
    request: HttpRequest,
    *,
    at: datetime,
    most: int,
    order: str = URGENCY,
    kind: str = "",
    with_snoozed: bool = False,
) -> TodaysAlerts:
    """Return at most so many alerts of each kind that the person may read, in order.

    One query per kind that has alerts, and three for all of them.
    """
    kinds = team_alerts(request)
    totals = count_those([one.total for one in kinds])
    put_off = _put_off(request.user, at)
    found = [
        alert
        for one, total in zip(kinds, totals, strict=True)
        if total and kind in ("", one.kind)
        for alert in _rows_of(request, one, total, most, put_off, with_snoozed=with_snoozed)
    ]
    follow_ups = _follow_ups([alert.key for alert in found])
    rows = [ShownAlert(alert, follow_ups.get(alert.key), put_off.get(alert.key)) for alert in found]
    shown = [
        AlertKind(one.kind, one.label, one.url, total)
        for one, total in zip(kinds, totals, strict=True)
        if total
    ]
    return TodaysAlerts(sorted(rows, key=_sort_key(order)), shown, len(put_off))


def _rows_of(
    request: HttpRequest,
    kind: Alerts,
    total: int,
    most: int,
    put_off: dict[str, datetime],
    *,
    with_snoozed: bool,
) -> list[Alert]:
    """Return the alerts of a kind; those put off take no place of others.

    They are read again as soon as there are more or fewer of them, and every half a minute.
    """
    hidden = 0 if with_snoozed else sum(key.startswith(f"{kind.kind}:") for key in put_off)
    wanted = most + hidden
    name = f"alerts:{request.user.pk}:{kind.kind}:{total}:{wanted}"
    rows = kept(name, SECONDS_KEPT, lambda: list(kind.rows(wanted)))
    return [row for row in rows if with_snoozed or row.key not in put_off][:most]


def _sort_key(order: str) -> Any:
    day = date.max
    keys = {
        DATE: lambda row: (row.alert.since or day, -row.alert.weight, row.alert.key),
        GROUP: lambda row: (row.alert.group, -row.alert.weight, row.alert.since or day),
    }
    urgent = lambda row: (-row.alert.weight, row.alert.since or day, row.alert.key)  # noqa: E731
    return keys.get(order, urgent)


def _put_off(user: Any, at: datetime) -> dict[str, datetime]:
    rows = AlertSnooze.objects.filter(user=user, until__gt=at)
    return dict(rows.values_list("key", "until"))


def _follow_ups(keys: list[str]) -> dict[str, AlertFollowUp]:
    if not keys:
        return {}
    with rls.staff("backoffice: what was made of alerts"):
        rows = AlertFollowUp.objects.filter(key__in=keys).select_related("by")
        return {row.key: row for row in rows}


def snooze(*, user: Any, key: str, delay: str, at: datetime) -> datetime:
    """Put an alert off for one person, to the opening of the day that `delay` names.

    :raises CannotSnooze: if the delay is not one of `DELAYS`, or the key is none.
    """
    if delay not in DELAYS or not key or len(key) > LONGEST_KEY:
        raise CannotSnooze(key)
    day = at + timedelta(days=DELAYS[delay])
    until = day.replace(hour=OPENING_HOUR, minute=0, second=0, microsecond=0)
    with transaction.atomic():
        AlertSnooze.objects.filter(user=user, until__lte=at).delete()
        AlertSnooze.objects.update_or_create(user=user, key=key, defaults={"until": until})
    return until


def wake(*, user: Any, key: str) -> None:
    """Show again an alert that a person had put off."""
    AlertSnooze.objects.filter(user=user, key=key).delete()


@transaction.atomic
def keep_follow_up(*, key: str, task: Any, url: str, actor: Any, at: datetime) -> None:
    """Keep what was made of an alert: the newest task, when several were."""
    if not key or len(key) > LONGEST_KEY:
        return
    fields = {"title": str(task)[:300], "url": url, "by": actor, "made_at": at}
    with rls.staff("backoffice: what was made of alerts"):
        AlertFollowUp.objects.update_or_create(key=key, defaults=fields)
    record("alert_followed_up", task, actor=actor, alert=key)
