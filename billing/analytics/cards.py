"""A figure of the page: its value, that of the period before, its definition, its rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from billing.analytics.tables import DAYS, HOURS, NOTHING, write


@dataclass(frozen=True)
class Card:
    """A figure; a value of None was not measured, and shows as a dash."""

    label: Any
    value: Any
    kind: str
    definition: Any
    currency: str = "XOF"
    before: Any = None
    has_before: bool = True
    url: str = ""
    note: Any = ""

    @property
    def text(self) -> str:
        """Return the value as people read it."""
        return self._write(self.value)

    @property
    def text_before(self) -> str:
        """Return the value of the period before, when it was measured."""
        return "" if self.before is None or not self.has_before else self._write(self.before)

    def _write(self, value: Any) -> str:
        text = write(value, self.kind, self.currency)
        unit = {DAYS: "j", HOURS: "h"}.get(self.kind)
        return f"{text}\u00a0{unit}" if unit and text != NOTHING else text


@dataclass(frozen=True)
class Part:
    """A part of the page: its title, cards and tables."""

    key: str
    title: Any
    cards: list[Card]
    tables: list[Any]
