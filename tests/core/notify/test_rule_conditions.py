"""Closed comparisons of rules: asked of a fact, refused when they make no sense."""

from datetime import date

import pytest

from core.hooks.rules import rule_events
from core.notify.rules.conditions import BadCondition, Condition, check_condition, holds

ON = date(2026, 11, 20)
INVOICE = {"montant": 150_000, "client": "Société Kédjénou", "nature": "deposit", "echeance": ON}


@pytest.mark.parametrize(
    ("fact", "operator", "value", "is_so"),
    [
        ("montant", "at_least", "150 000", True),
        ("montant", "at_most", "149999", False),
        ("client", "contains", "kedjenou", True),
        ("client", "is_not", "Société Kédjénou", False),
        ("nature", "is", "Facture d’acompte", True),
        ("nature", "is", "standard", False),
        ("echeance", "at_most", "20/11/2026", True),
        ("inconnu", "is", "1", False),
        ("montant", "at_least", "beaucoup", False),
    ],
)
def test_a_fact_answers_a_comparison(fact, operator, value, is_so):
    fields = rule_events()["invoice_unpaid"].fields

    assert holds([Condition(fact, operator, value)], fields, INVOICE, "XOF") is is_so


@pytest.mark.parametrize(
    ("fact", "operator", "value"),
    [
        ("inconnu", "is", "1"),
        ("montant", "contains", "1"),
        ("montant", "is", "beaucoup"),
        ("echeance", "is", "31/02/2026"),
        ("nature", "is", "autre"),
    ],
)
def test_a_comparison_without_sense_is_refused_in_words(fact, operator, value):
    fields = rule_events()["invoice_unpaid"].fields

    with pytest.raises(BadCondition):
        check_condition(Condition(fact, operator, value), fields)
