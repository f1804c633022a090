"""What the figures are about: a period, a currency, and a client, a project or a service."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any

from django.conf import settings
from django.utils import timezone

from billing.analytics.periods import DAY, Period

MONTH_NAMES = (
    "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre|"
    "january|february|march|april|may|june|july|august|september|october|november|december"
)
# The service of a line: its heading; without one its label, up to the first date or number.
SERVICE = f"""coalesce(nullif(btrim(l.section), ''), nullif(btrim(regexp_replace(l.label,
    '\\s+(?:(?:du|de|d’|from|no|n°|–|—|-|:)\\s+)?(?:(?:{MONTH_NAMES})\\s+)?[0-9].*$', '', 'i')),
    ''), l.label)"""


@dataclass(frozen=True)
class Choice:
    """What somebody asked to see; amounts of one currency are never added to another's."""

    period: Period
    today: date
    currency: str = "XOF"
    client: int | None = None
    project: int | None = None
    service: str = ""  # in small letters
    of_service: tuple[int, ...] = ()  # the invoices that have a line of it

    @property
    def seen(self) -> Period:
        """Return the part of the period that has passed: figures stop at today."""
        return self.period.until(self.today)

    @property
    def is_current(self) -> bool:
        """Tell whether the figures stop today, so that lists show the same rows."""
        return self.seen.last == self.today

    @property
    def before(self) -> Choice:
        """Return the same choice for the period before."""
        return replace(self, period=self.period.previous())

    @property
    def is_by_invoice(self) -> bool:
        """Tell whether money is counted by what it paid, not by what came in."""
        return bool(self.project or self.service)

    @property
    def invoices(self) -> str:
        """Return the SQL condition that keeps invoices `i`, drafts never."""
        kept = ["i.status <> 'draft'", "i.currency = %(currency)s"]
        if self.client:
            kept.append("i.client_id = %(client)s")
        if self.project:
            kept.append("i.project_id = %(project)s")
        if self.service:
            kept.append("i.id = ANY(%(of_service)s)")
        return " AND ".join(kept)

    @property
    def papers(self) -> str:
        """Return the SQL condition that keeps quotes `q` and payments `p`, without service."""
        return "{row}.currency = %(currency)s" + (
            " AND {row}.client_id = %(client)s" if self.client else ""
        )

    @property
    def values(self) -> dict[str, Any]:
        """Return the values of every condition; moments are the days' ends in our time zone."""
        seen, before = self.seen, self.before.period
        return {
            "currency": self.currency,
            "client": self.client,
            "project": self.project,
            "service": self.service,
            "of_service": list(self.of_service),
            "zone": settings.TIME_ZONE,
            "today": self.today,
            "first": seen.first,
            "last": seen.last,
            "first_before": before.first,
            "last_before": before.last,
            "first_at": moment(seen.first),
            "end_at": moment(seen.last + DAY),
            "first_at_before": moment(before.first),
        }


def moment(day: date) -> datetime:
    """Return when a day begins, in our time zone."""
    return timezone.make_aware(datetime.combine(day, time.min))
