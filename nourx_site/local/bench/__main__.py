"""Measure the product at growing sizes, and write the figures as Markdown.

make bench ARGS="--sizes 1000 10000"
"""

import argparse
import json
import os
import signal
import sys

from nourx_site.local.bench.figures import Sample, figures, from_json, table
from nourx_site.local.bench.limits import LIMITS
from nourx_site.local.console import run_command, say
from nourx_site.local.throwaway import Stage, stage

CLIENTS = 100  # the invoices of every size are those of as many clients


def main() -> int:
    """Grow one throwaway database from size to size, measuring at each."""
    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, signal.default_int_handler)
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1000, 10_000, 100_000])
    parser.add_argument("--rounds", type=int, default=30, help="times each page is opened")
    parser.add_argument("--pdfs", type=int, default=100, help="PDFs in a batch")
    parser.add_argument("--acts", type=int, default=200, help="invoices issued, notices posted")
    asked = parser.parse_args()
    runs: dict[int, dict[str, Sample | float]] = {}
    with stage(os.environ) as ready:
        there = 0
        for size in sorted(asked.sizes):
            grow(ready, size - there, clients=0 if there else CLIENTS)
            there = size
            runs[size] = measure(ready, asked)
            say(f"\n{table(runs, LIMITS)}\n\n{figures(runs)}\n")
    return 0


def grow(ready: Stage, invoices: int, *, clients: int) -> None:
    """Add invoices to the database, and let PostgreSQL look at them."""
    say(f"Ajout de {invoices} factures…")
    ready.run("manage.py", "demo", "--clients", str(clients), "--invoices", str(invoices))


def measure(ready: Stage, asked: argparse.Namespace) -> dict[str, Sample | float]:
    """Measure the database as it is, in a process of its own."""
    output = ready.folder / "measures.json"
    numbers = (str(asked.rounds), str(asked.pdfs), str(asked.acts))
    ready.run("-m", "nourx_site.local.bench.measure", str(output), *numbers)
    return from_json(json.loads(output.read_text()))


if __name__ == "__main__":
    sys.exit(run_command(main))
