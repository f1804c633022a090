"""The score of a sale: facts, points, and what a criterion that says nothing does."""

from datetime import timedelta

import pytest

from portal.crm.models import ScoreCriterion
from portal.crm.scoring import Facts, score_of
from tests.conftest import ON

NOTHING = {
    "source": "other",
    "amount": None,
    "currency": "XOF",
    "need": "",
    "decider": "",
    "expected_close": None,
    "last_exchange": None,
    "is_known": False,
}


def score(fact, value="", points=30, **facts):
    criterion = ScoreCriterion(label="Critère", fact=fact, value=value, points=points)
    return score_of(Facts(**{**NOTHING, **facts}), [criterion], on=ON).value


@pytest.mark.parametrize(
    ("fact", "value", "facts", "expected"),
    [
        ("source", "referral", {"source": "referral"}, 30),
        ("source", "referral", {"source": "tender"}, 0),
        ("amount", "1 000 000", {"amount": 1_000_000}, 30),
        ("amount", "1000000", {"amount": 999_999}, 0),
        ("amount", "1000", {"amount": 100_000, "currency": "EUR"}, 30),
        ("amount", "1000", {"amount": 99_999, "currency": "EUR"}, 0),
        ("amount", "beaucoup", {"amount": 10**15}, 0),
        ("need", "", {"need": "Vendre en ligne aux grossistes"}, 30),
        ("need", "", {"need": "site web"}, 0),
        ("decider", "", {"decider": "Mme Koné"}, 30),
        ("known", "", {"is_known": True}, 30),
        ("close", "60", {"expected_close": ON + timedelta(days=60)}, 30),
        ("close", "60", {"expected_close": ON + timedelta(days=61)}, 0),
        ("close", "60", {"expected_close": ON - timedelta(days=1)}, 0),
        ("exchange", "15", {"last_exchange": ON - timedelta(days=15)}, 30),
        ("exchange", "15", {"last_exchange": ON - timedelta(days=16)}, 0),
        ("close", "99999999999", {"expected_close": ON}, 0),
    ],
)
def test_a_criterion_gives_its_points_when_its_fact_holds(fact, value, facts, expected):
    assert score(fact, value, **facts) == expected


def test_points_add_up_between_0_and_100_and_say_where_they_come_from():
    good = ScoreCriterion(label="Recommandé", fact="source", value="referral", points=80)
    known = ScoreCriterion(label="Déjà client", fact="known", points=60)
    bad = ScoreCriterion(label="Appel d’offres", fact="source", value="tender", points=-90)
    facts = Facts(**{**NOTHING, "source": "referral", "is_known": True})
    tender = Facts(**{**NOTHING, "source": "tender"})

    high, low = score_of(facts, [good, known, bad], on=ON), score_of(tender, [bad], on=ON)

    assert (high.value, high.reasons) == (100, (("Recommandé", 80), ("Déjà client", 60)))
    assert (low.value, low.reasons) == (0, (("Appel d’offres", -90),))
