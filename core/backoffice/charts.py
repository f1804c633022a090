"""Charts as plain geometry, drawn on the server as SVG: no script, no library.

A series is told from another by its hatching as much as by its colour, and each bar says its value.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

WIDTH, HEIGHT = 440, 220
LEFT, RIGHT, TOP, BOTTOM = 44, 12, 12, 24  # the left has room for the values of gridlines
PLOT = HEIGHT - TOP - BOTTOM
STEPS = (1, 2, 5, 10)


@dataclass(frozen=True)
class Bar:
    """A bar: its place, its series from 0, and what it says."""

    x: float
    y: float
    width: float
    height: float
    series: int
    text: str


@dataclass(frozen=True)
class Mark:
    """A word of the chart, at a place."""

    x: float
    y: float
    text: str


@dataclass(frozen=True)
class Chart:
    """A whole chart; `bars` or `points`, gridlines with their values, names under the axis."""

    title: Any
    legend: Sequence[Any]
    bars: Sequence[Bar] = ()
    points: Sequence[Mark] = ()
    paths: Sequence[str] = ()
    grid: Sequence[Mark] = ()
    names: Sequence[Mark] = ()
    width: int = WIDTH
    height: int = HEIGHT
    base: float = field(default=HEIGHT - BOTTOM)


def bar_chart(
    title: Any,
    names: Sequence[str],
    series: Sequence[tuple[Any, Sequence[int], Sequence[str]]],
    tick: Any,
) -> Chart | None:
    """Draw bars side by side, (name, values, texts) for each series; None with nothing above zero.

    `tick` writes the value of a gridline. A value below zero has no bar: the table tells it.
    """
    highest = max((value for _name, values, _texts in series for value in values), default=0)
    if highest <= 0:
        return None
    top = _round_up(highest)
    slot = (WIDTH - LEFT - RIGHT) / len(names)
    width = min(slot * 0.8 / len(series), 36)
    bars = []
    for rank, (_name, values, texts) in enumerate(series):
        for place, (value, text) in enumerate(zip(values, texts, strict=True)):
            height = max(value, 0) * PLOT / top
            x = LEFT + slot * (place + 0.5) + (rank - len(series) / 2) * width
            y = HEIGHT - BOTTOM - height
            bars.append(Bar(_at(x), _at(y), _at(width * 0.92), _at(height), rank, text))
    return Chart(
        title,
        [name for name, _values, _texts in series],
        bars=bars,
        grid=_grid(top, tick),
        names=_names(names, slot),
    )


def line_chart(
    title: Any,
    names: Sequence[str],
    values: Sequence[Fraction | None],
    texts: Sequence[str],
    tick: Any,
) -> Chart | None:
    """Draw a line through values, broken where there is none; None without a value above zero."""
    highest = max((value for value in values if value is not None), default=0)
    if highest <= 0:
        return None
    top = _round_up(highest)
    slot = (WIDTH - LEFT - RIGHT) / len(names)
    points: list[Mark] = []
    paths: list[str] = []
    path = ""
    for place, (value, text) in enumerate(zip(values, texts, strict=True)):
        if value is None:
            paths, path = [*paths, path], ""
            continue
        x = _at(LEFT + slot * (place + 0.5))
        y = _at(HEIGHT - BOTTOM - max(value, Fraction(0)) * PLOT / top)
        points.append(Mark(x, y, text))
        path += f"{'L' if path else 'M'}{x} {y}"
    found = [line for line in [*paths, path] if line]
    return Chart(
        title, [title], points=points, paths=found, grid=_grid(top, tick), names=_names(names, slot)
    )


def _round_up(highest: Any) -> int:
    """Return the next of 1, 2, 5, 10, 20, 50… at or above a value."""
    power = 1
    while power * 10 < highest:
        power *= 10
    return next(step * power for step in STEPS if step * power >= highest)


def _grid(top: int, tick: Any) -> list[Mark]:
    return [
        Mark(LEFT, _at(HEIGHT - BOTTOM - PLOT * part / 2), tick(Fraction(top * part, 2)))
        for part in (1, 2)
    ]


def _names(names: Sequence[str], slot: float) -> list[Mark]:
    """Return the names under the axis; every second or third when there is little room."""
    every = 1 if slot >= 44 else 2
    return [
        Mark(_at(LEFT + slot * (place + 0.5)), HEIGHT - 8, name)
        for place, name in enumerate(names)
        if place % every == 0
    ]


def _at(value: Any) -> float:
    return round(float(value), 1)
