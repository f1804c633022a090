"""Folding texts for searching."""

import pytest

from core.search import search_text


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Koné – L’Étoile", "kone l etoile"),
        ("l'Œuvre", "l oeuvre"),
        ("SARL «Bâtir»", "sarl batir"),
        ("A–B/C", "a b c"),
        ("   ", ""),
    ],
)
def test_accents_case_and_punctuation_do_not_matter(text, folded):
    assert search_text(text) == folded


def test_joins_several_texts_and_leaves_empty_ones_out():
    assert search_text("Abidjan", "", "07 00") == "abidjan 07 00"
