"""French texts are said with spaces that no line breaks, though the sources have plain ones."""

import pytest
from django.utils import translation

from nourx_site.local import typography
from nourx_site.settings.base import LOCALE_PATHS

FIXED, NARROW = "\u00a0", "\u202f"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("Reste à payer :", f"Reste à payer{FIXED}:"),
        ("Où en est-il ?", f"Où en est-il{NARROW}?"),
        ("Rouvrez la demande ; sinon, notez-la.", f"Rouvrez la demande{NARROW}; sinon, notez-la."),
        ("Retirer « {name} » ?", f"Retirer «{FIXED}{{name}}{FIXED}»{NARROW}?"),
        ('<a href="/aide/?q=a:b">À 9:30, voir /aide/</a>',) * 2,
        ("Payer", "Payer"),
    ],
)
def test_the_marks_that_french_sets_apart_keep_to_their_word(typed, said):
    assert typography.printed(typed) == said


def test_the_catalogue_is_that_of_the_sources():
    assert typography.FILE.read_bytes() == typography.catalogue_of_spaces().to_binary(), (
        "run `make texts`"
    )


def test_pages_say_it_in_french_and_leave_english_alone(settings):
    settings.LOCALE_PATHS = LOCALE_PATHS

    with translation.override("fr"):
        assert translation.gettext("Mot de passe oublié ?") == f"Mot de passe oublié{NARROW}?"
    with translation.override("en"):
        assert translation.gettext("Mot de passe oublié ?") == "Forgotten password?"
