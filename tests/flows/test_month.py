"""A small month of an agency, lived and proved; `make month` lives the whole one."""

import pytest

from core import rls
from nourx_site.local.month.books_proofs import papers_are_archives, prove_books
from nourx_site.local.month.course import SMALL, addresses, make_fne, make_sandbox
from nourx_site.local.month.proofs import prove
from nourx_site.local.month.replay import replay
from nourx_site.local.month.world import make_month

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def month(settings):
    """A month about to begin, with its providers and its tax office listening."""
    with make_sandbox() as server, make_fne() as fne, rls.staff("test: a month"):
        for name, value in addresses(server).items():
            setattr(settings, name, value)
        yield make_month(SMALL, server, fne)


def test_a_small_month_with_two_crashes_reconciles_to_the_franc(month):
    replay(month)

    proofs = [*prove(month), *prove_books(month), papers_are_archives(1)]

    assert [str(proof) for proof in proofs if not proof.holds] == []
    assert month.counts["travailleurs tués puis relancés"] == 2
