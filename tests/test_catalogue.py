"""The English catalogue says all that clients read, and nothing else."""

import re
from collections import Counter, defaultdict

import polib
import pytest
from django.utils import translation

from nourx_site.local import catalogue
from nourx_site.local.places import ROOT

HOLES = re.compile(r"%\(\w+\)[sd]|%[sd%]|\{\w*\}")
TAGS = re.compile(r"</?[a-z][^>]*>")
FRENCH_MARKS = re.compile("[«»]|[ \u00a0\u202f][:;!?]|\\b(?:vous|votre|vos|nous|notre)\\b", re.I)
TEMPLATE = """
{% load i18n %}{% translate "Un mot" %}{% translate 'Une (courte) phrase' as said %}
{% translate "Mai" context "month" %}{% include "x.html" with title=_("Un titre") only %}
{{ _("Une valeur")|upper }}{% blocktranslate with name=person.name trimmed %}
  Bonjour
  {{ name }}{% endblocktranslate %}
{% blocktranslate count n=rows|length %}{{ n }} ligne{% plural %}
{{ n }} lignes{% endblocktranslate %}
{% comment %}{% translate "Rien" %}{% endcomment %}{{ said }}
"""
CODE = """
first = _("Une phrase "
          "en deux morceaux")
second = gettext_lazy(
    "Une phrase plus bas"
)
third = ngettext("%(n)s jour", "%(n)s jours", n) % {"n": n}
fourth = translation.pgettext("month", "mars")
fifth = forms.CharField(label=_("Nom"), help_text=_("Une aide."), error_messages={"x": _("Non.")})
# _("Rien")
sixth = _(known_elsewhere)
"""


@pytest.fixture(scope="module")
def entries():
    return catalogue.read()


def test_the_catalogue_holds_the_texts_of_the_sources(entries):
    said = {(text.context, text.msgid, text.plural) for text in catalogue.texts().values()}

    kept = {(entry.msgctxt, entry.msgid, entry.msgid_plural) for entry in entries}

    assert kept == said, "run `make texts`"


def test_every_text_has_english(entries):
    assert [entry.msgid for entry in catalogue.missing(entries)] == []


def test_english_fills_the_same_holes(entries):
    wrong = [french for french, english in pairs(entries) if holes(french) != holes(english)]

    assert wrong == []


def test_english_keeps_the_tags(entries):
    wrong = [french for french, english in pairs(entries) if tags(french) != tags(english)]

    assert wrong == []


def test_english_is_written_as_english(entries):
    wrong = [english for _french, english in pairs(entries) if FRENCH_MARKS.search(english)]

    assert wrong == []


def test_no_text_is_said_both_alone_and_counted():
    plurals = defaultdict(set)
    for path in catalogue.sources():
        for msgid, plural, context in catalogue.texts_of(path):
            plurals[context, msgid].add(plural)

    assert [msgid for (_context, msgid), found in plurals.items() if len(found) > 1] == []


def test_django_reads_what_the_catalogue_says(entries):
    compiled = catalogue.CATALOGUE.with_suffix(".mo").read_bytes()

    assert compiled == entries.to_binary()


def test_a_text_is_said_in_the_language_asked():
    with translation.override("en"):
        assert translation.gettext("Se connecter") == "Sign in"
        assert translation.ngettext("%(n)s article trouvé", "%(n)s articles trouvés", 1) == (
            "%(n)s article found"
        )
        assert translation.pgettext("short month", "août") == "Aug"
    with translation.override("fr"):
        assert translation.gettext("Se connecter") == "Se connecter"


def test_texts_are_found_in_every_tag_of_a_template(tmp_path):
    page = tmp_path / "page.html"
    page.write_text(TEMPLATE)

    assert sorted(catalogue.texts_of(page), key=str) == [
        ("%(n)s ligne", "\n%(n)s lignes", None),
        ("Bonjour %(name)s", "", None),
        ("Mai", "", "month"),
        ("Un mot", "", None),
        ("Un titre", "", None),
        ("Une (courte) phrase", "", None),
        ("Une valeur", "", None),
    ]


def test_texts_are_found_in_every_call_of_the_code(tmp_path):
    module = tmp_path / "module.py"
    module.write_text(CODE)

    assert sorted(catalogue.texts_of(module), key=str) == [
        ("%(n)s jour", "%(n)s jours", None),
        ("Nom", "", None),
        ("Non.", "", None),
        ("Une aide.", "", None),
        ("Une phrase en deux morceaux", "", None),
        ("Une phrase plus bas", "", None),
        ("mars", "", "month"),
    ]


def test_texts_come_from_mails_forms_and_models_but_not_from_screens_of_the_team():
    sources = {path.relative_to(ROOT).as_posix() for path in catalogue.sources()}

    assert {
        "templates/mail/invoicing/invoice.subject.txt",
        "templates/mail/invoicing/invoice.html",
        "portal/support/forms.py",
        "billing/invoicing/models/invoices.py",
    } <= sources
    assert not [path for path in sources if "admin" in path or "migrations" in path]


def pairs(entries: polib.POFile) -> list[tuple[str, str]]:
    """Return every French text with its English, counted texts once for each form."""
    said = []
    for entry in entries:
        if entry.msgid_plural:
            said.append((entry.msgid, entry.msgstr_plural[0]))
            said.append((entry.msgid_plural, entry.msgstr_plural[1]))
        else:
            said.append((entry.msgid, entry.msgstr))
    return said


def holes(text: str) -> Counter:
    """Return what a text leaves to fill, however often."""
    return Counter(HOLES.findall(text))


def tags(text: str) -> Counter:
    """Return the HTML tags of a text."""
    return Counter(TAGS.findall(text))
