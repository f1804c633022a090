"""What was measured, and the table that shows it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from statistics import median


@dataclass(frozen=True)
class Sample:
    """The times of one thing done many times, in milliseconds, and its queries if known."""

    times: tuple[float, ...]
    queries: int | None = None

    @property
    def middle(self) -> float:
        """Return the median, in milliseconds."""
        return median(self.times)

    @property
    def fastest(self) -> float:
        """Return the shortest time, in milliseconds: what else runs on the machine only adds."""
        return min(self.times)

    @property
    def p95(self) -> float:
        """Return the time that 95 in 100 stay within, in milliseconds."""
        return sorted(self.times)[ceil(0.95 * len(self.times)) - 1]


Run = Mapping[str, Sample | float]  # a float is a figure of its own, such as acts per second


def to_json(run: Run) -> dict[str, object]:
    """Return a run as plain values."""
    return {
        name: {"times": list(value.times), "queries": value.queries}
        if isinstance(value, Sample)
        else value
        for name, value in run.items()
    }


def from_json(values: Mapping[str, object]) -> dict[str, Sample | float]:
    """Return the run that `to_json` wrote."""
    return {
        name: Sample(tuple(value["times"]), value["queries"]) if isinstance(value, dict) else value
        for name, value in values.items()
    }


def table(runs: Mapping[int, Run], limits: Mapping[str, str]) -> str:
    """Return a Markdown table of timed pages: a column per size, then growth and the limit.

    `limits` names, for a page, the row it is compared with at the largest size.
    """
    sizes = sorted(runs)
    names = [name for name in runs[sizes[0]] if isinstance(runs[sizes[0]][name], Sample)]
    head = ["", *(f"{_grouped(size)}: ms (p95)" for size in sizes), "queries", "growth", "limit"]
    lines = [_line(head), _line(["---", *["---:"] * (len(head) - 1)])]
    for name in names:
        samples = [runs[size][name] for size in sizes]
        lines.append(_line([name, *_cells(samples), *_ratios(name, runs, sizes, limits)]))
    return "\n".join(lines)


def figures(runs: Mapping[int, Run]) -> str:
    """Return a Markdown table of the figures that are no times of a page."""
    sizes = sorted(runs)
    names = [name for name, value in runs[sizes[0]].items() if not isinstance(value, Sample)]
    lines = [_line(["", *map(_grouped, sizes)]), _line(["---", *["---:"] * len(sizes)])]
    lines += [_line([name, *(f"{runs[size][name]:.0f}" for size in sizes)]) for name in names]
    return "\n".join(lines)


def _cells(samples: Sequence[Sample]) -> list[str]:
    return [f"{one.middle:.1f} ({one.p95:.1f})" for one in samples] + [_queries(samples)]


def _queries(samples: Sequence[Sample]) -> str:
    counts = sorted({one.queries for one in samples if one.queries is not None})
    return " to ".join(map(str, dict.fromkeys(counts[:1] + counts[-1:])))


def _ratios(
    name: str, runs: Mapping[int, Run], sizes: Sequence[int], limits: Mapping[str, str]
) -> list[str]:
    """Compare the fastest times: of the largest size with the smallest, and with the limit."""
    last = runs[sizes[-1]][name].fastest
    growth = f"{last / runs[sizes[0]][name].fastest:.2f} ×" if len(sizes) > 1 else ""
    limit = limits.get(name)
    return [growth, f"{last / runs[sizes[-1]][limit].fastest:.1f} × {limit}" if limit else ""]


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _grouped(number: int) -> str:
    return f"{number:,}".replace(",", " ")
