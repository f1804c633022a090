"""The figures of the benchmark: medians, the slowest, growth and the table."""

import pytest

from nourx_site.local.bench.figures import Sample, figures, from_json, table, to_json

LIST = "client: invoices"
BARE = "limit"


@pytest.fixture
def runs():
    """A page and its limit at two sizes."""
    return {
        10_000: {LIST: Sample((12.0, 14.0, 13.0), 8), BARE: Sample((4.0,), 1), "per second": 41.6},
        1000: {LIST: Sample((10.0, 9.0, 11.0), 7), BARE: Sample((4.0,), 1), "per second": 40.0},
    }


def test_a_sample_knows_its_fastest_its_median_and_its_slowest():
    sample = Sample(tuple(float(rank) for rank in range(1, 41)))

    assert (sample.fastest, sample.middle, sample.p95) == (1.0, 20.5, 38.0)


def test_the_table_compares_sizes_and_limits(runs):
    lines = table(runs, {LIST: BARE}).splitlines()

    assert lines[0] == "|  | 1 000: ms (p95) | 10 000: ms (p95) | queries | growth | limit |"
    assert lines[2] == f"| {LIST} | 10.0 (11.0) | 13.0 (14.0) | 7 to 8 | 1.33 × | 3.0 × limit |"
    assert lines[3] == "| limit | 4.0 (4.0) | 4.0 (4.0) | 1 | 1.00 × |  |"
    assert len(lines) == 4


def test_other_figures_have_a_table_of_their_own(runs):
    assert figures(runs).splitlines()[2] == "| per second | 40 | 42 |"


def test_a_run_survives_its_file(runs):
    assert from_json(to_json(runs[1000])) == runs[1000]
