"""The planning of a project as plain geometry: a bar for each milestone, and a line for today."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from core.ui.formats import date_range, date_short, month_name
from portal.projects.models import Milestone

WIDTH, LEFT, RIGHT = 960, 230, 14
TOP, ROW, BAR = 26, 26, 12
LONGEST_NAME = 34
MARGIN = timedelta(days=3)
MOST_MONTHS = 14


@dataclass(frozen=True)
class Bar:
    """A milestone: where its bar is, how it shows, and what it says."""

    name: str
    x: float
    y: float
    width: float
    state: str
    text: str
    url: str = ""
    height: int = BAR

    @property
    def text_y(self) -> float:
        return self.y + BAR - 2


@dataclass(frozen=True)
class Tick:
    """The first day of a month."""

    x: float
    label: str


@dataclass(frozen=True)
class Planning:
    """The whole drawing; `today` is where today’s line stands, when it is inside."""

    bars: Sequence[Bar]
    ticks: Sequence[Tick]
    today: float | None
    height: int
    title: Any
    width: int = WIDTH
    top: int = TOP

    @property
    def bottom(self) -> int:
        return self.height - 6


def draw(title: Any, milestones: Sequence[Milestone], today: date, url_of: Any) -> Planning | None:
    """Draw the milestones that have a date; None when none has."""
    dated = [row for row in milestones if row.start_date or row.due_date]
    if not dated:
        return None
    ends = [_span(row) for row in dated]
    first = min(start for start, _due in ends) - MARGIN
    last = max(due for _start, due in ends) + MARGIN
    scale = (WIDTH - LEFT - RIGHT) / max((last - first).days, 1)

    def at(day: date) -> float:
        return round(LEFT + (day - first).days * scale, 1)

    bars = []
    for rank, (row, (start, due)) in enumerate(zip(dated, ends, strict=True)):
        x = at(start)
        bars.append(
            Bar(
                name=_short(row.title),
                x=x,
                y=TOP + rank * ROW + (ROW - BAR) / 2,
                width=max(round(at(due + timedelta(days=1)) - x, 1), 4),
                state="late" if row.is_late(today) else row.status,
                text=f"{row.title} · {date_range(start, due)} · {row.get_status_display()}",
                url=url_of(row),
            )
        )
    return Planning(
        bars=bars,
        ticks=_ticks(first, last, at),
        today=at(today) if first <= today <= last else None,
        height=TOP + len(bars) * ROW + 10,
        title=title,
    )


def _span(row: Milestone) -> tuple[date, date]:
    """Return the two ends of a milestone, either of which may be missing or after the other."""
    start = row.start_date or row.due_date or date.min
    due = row.due_date or row.start_date or date.min
    return min(start, due), max(start, due)


def _ticks(first: date, last: date, at: Any) -> list[Tick]:
    day = (first.replace(day=1) + timedelta(days=32)).replace(day=1)
    months = []
    while day <= last:
        months.append(day)
        day = (day + timedelta(days=32)).replace(day=1)
    step = -(-len(months) // MOST_MONTHS) if months else 1
    if not months:
        return [Tick(at(first + MARGIN), date_short(first + MARGIN))]
    return [
        Tick(at(month), month_name(month, with_year=month.month == 1 or rank == 0))
        for rank, month in enumerate(months[::step])
    ]


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_NAME else text[: LONGEST_NAME - 1] + "…"
