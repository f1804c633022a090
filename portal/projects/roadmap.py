"""The roadmap as a chart: milestones placed in columns of a few days, grouped by version."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from django.utils.translation import gettext as _

from core.ui.formats import date_range, date_short, month_name
from portal.projects.models import Milestone

MOST_COLUMNS, LEAST_COLUMNS = 40, 4
MOST_LABELS = 8
LETTERS_OF_LANE = 92  # about as many as a lane holds on a narrow desktop
SHAPES = {
    Milestone.Status.UPCOMING: "next",
    Milestone.Status.ACTIVE: "now",
    Milestone.Status.REVIEW: "review",
    Milestone.Status.DONE: "done",
}


@dataclass(frozen=True)
class Mark:
    """Something placed in the chart: its first column, from 1, and how many it takes."""

    column: int
    span: int
    label: str = ""


@dataclass(frozen=True)
class Row:
    """A milestone of the chart: a bar, or a diamond when it has one date only."""

    milestone: Milestone
    place: Mark
    shape: str
    is_point: bool
    is_late: bool = False


@dataclass(frozen=True)
class Version:
    """The milestones of one version; their names stand in the thread too."""

    name: str
    rows: list[Row]


@dataclass(frozen=True)
class Chart:
    """The chart of wide screens. `today` is nothing when it is outside."""

    columns: int
    months: list[Mark]
    versions: list[Version]
    today: Mark | None
    first: date
    last: date

    @property
    def today_edge(self) -> str:
        """Return "start" or "end" when today is so near an edge that its label would not fit."""
        if self.today is None:
            return ""
        room = self.columns / 12
        if self.today.column <= room:
            return "start"
        return "end" if self.today.column > self.columns - room else ""


@dataclass(frozen=True)
class Scale:
    """Days to columns: the chart begins on the first of a month."""

    first: date
    days: int  # of one column
    columns: int

    def column(self, day: date) -> int:
        """Return the column of a day, from 1."""
        place = (day - self.first).days // self.days + 1
        return min(max(place, 1), self.columns)

    def mark(self, first: date, last: date, label: str = "") -> Mark:
        """Place a period."""
        start = self.column(first)
        return Mark(column=start, span=self.column(last) - start + 1, label=label)


def of_version(milestone: Milestone) -> str:
    """Return the group of a milestone on the roadmap of its project."""
    return milestone.release


def of_project(milestone: Milestone) -> str:
    """Return the group of a milestone on the roadmap of all projects."""
    return milestone.project.title


def chart_of(
    milestones: Sequence[Milestone], today: date, group: Callable[[Milestone], str] = of_version
) -> Chart | None:
    """Place the dated milestones, in groups that follow their order; nothing without a date."""
    dated = [row for row in milestones if row.due_date or row.start_date]
    if not dated:
        return None
    days = [day for row in dated for day in (row.start_date, row.due_date) if day]
    first, last = min(days).replace(day=1), _month_end(max(days))
    scale = _scale(first, last)
    is_inside = first <= today <= last
    return Chart(
        columns=scale.columns,
        months=_months(scale, last),
        versions=[
            Version(name=name, rows=[_row(row, scale, today) for row in rows])
            for name, rows in groupby(dated, key=group)
        ],
        today=scale.mark(today, today) if is_inside else None,
        first=first,
        last=last,
    )


def _scale(first: date, last: date) -> Scale:
    days = (last - first).days + 1
    width = max(1, -(-days // MOST_COLUMNS))
    return Scale(first=first, days=width, columns=max(LEAST_COLUMNS, -(-days // width)))


def _month_end(day: date) -> date:
    return _next_month(day) - timedelta(days=1)


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def _months(scale: Scale, last: date) -> list[Mark]:
    """Name the months, or one in two, three… so that the names stay apart."""
    starts = [scale.first]
    while _next_month(starts[-1]) <= last:
        starts.append(_next_month(starts[-1]))
    step = -(-len(starts) // MOST_LABELS)
    starts = starts[::step]
    ends = [day - timedelta(days=1) for day in starts[1:]] + [last]
    marks = []
    for start, end in zip(starts, ends, strict=True):
        label = month_name(start, with_year=start is starts[0] or start.month <= step)
        column = scale.column(start)
        following = scale.column(end + timedelta(days=1)) if end < last else scale.columns + 1
        marks.append(Mark(column=column, span=max(1, following - column), label=label))
    return marks


def _row(milestone: Milestone, scale: Scale, today: date) -> Row:
    start, end = milestone.start_date, milestone.due_date
    is_point = start is None or end is None or start > end
    day = end or start
    place = scale.mark(day, day) if is_point else scale.mark(start, end)
    label = "" if is_point else _label(milestone)
    if place.span * LETTERS_OF_LANE < scale.columns * (len(label) + 3):
        label = ""  # the bar is too short for it; the thread below says it
    return Row(
        milestone=milestone,
        place=Mark(column=place.column, span=place.span, label=label),
        shape=SHAPES[milestone.status],
        is_point=is_point,
        is_late=milestone.is_late(today),
    )


def _label(milestone: Milestone) -> str:
    if milestone.status == Milestone.Status.REVIEW:
        return _("À valider par vous")
    if milestone.status == Milestone.Status.ACTIVE:
        return _("Jusqu’au %(day)s") % {"day": date_short(milestone.due_date)}
    return date_range(milestone.start_date, milestone.due_date)
