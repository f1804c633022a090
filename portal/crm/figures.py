"""How selling goes, in three figures: leads, quotes sent, conversion."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from core import hooks
from portal.crm import queries

PERIOD = timedelta(days=365)


@dataclass(frozen=True)
class SalesFigures:
    """Leads of a period, quotes sent in it, and how many of these leads are won."""

    leads: int
    quotes: int
    won: int

    @property
    def conversion(self) -> int | None:
        """Return how many leads of a hundred became clients, rounded; None without a lead."""
        return (200 * self.won + self.leads) // (2 * self.leads) if self.leads else None


def sales_figures(at: datetime) -> SalesFigures:
    """Return the figures of the twelve months before a moment."""
    since = at - PERIOD
    leads, won = queries.count_sales(since)
    return SalesFigures(leads=leads, quotes=hooks.quotes_sent(since.date()), won=won)
