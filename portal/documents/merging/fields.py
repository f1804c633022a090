"""The closed fields of templates: a name between braces is replaced by its value, nothing else.

A template runs no code: what is not one of these names is refused when the template is saved.
A module above gives fields of its own rows, such as those of a quote, with `add_source`.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.html import escape
from django.utils.translation import gettext_lazy as _

FIELD = re.compile(r"\{\{\s*(.*?)\s*\}\}", re.DOTALL)
LEFT_OVER = re.compile(r"\{%.*?%\}|\{#.*?#\}|\{\{|\}\}", re.DOTALL)
LONGEST_SHOWN = 60


@dataclass(frozen=True)
class Field:
    """A name that templates may hold: what it says, and an example of it."""

    name: str
    label: Any
    example: str


@dataclass(frozen=True)
class Source:
    """Rows of a module above that a paper may speak of, such as the quotes of a project.

    `choices(project)` gives (key, label) pairs, the likeliest first; `values(key)` what fills
    its fields, by name.
    """

    key: str
    label: Any
    fields: Sequence[Field]
    choices: Callable[[Any], Sequence[tuple[int, Any]]]
    values: Callable[[int], Mapping[str, str]]


OWN_FIELDS = (
    Field("client.nom", _("raison sociale du client"), "Akwaba Distribution"),
    Field("client.adresse", _("adresse du client"), "Marcory, Zone 4, Abidjan"),
    Field("client.ville", _("ville du client"), "Abidjan"),
    Field("client.rccm", _("RCCM du client"), "CI-ABJ-03-2019-B12-04567"),
    Field("client.ncc", _("NCC du client"), "1912345 B"),
    Field("client.email", _("e-mail du client"), "contact@akwaba.test"),
    Field("client.telephone", _("téléphone du client"), "+225 27 21 00 00 00"),
    Field("contact.nom", _("nom du contact"), "Aminata Koné"),
    Field("contact.fonction", _("fonction du contact"), "Directrice générale"),
    Field("contact.email", _("e-mail du contact"), "aminata@akwaba.test"),
    Field("contact.telephone", _("téléphone du contact"), "+225 07 00 00 00 00"),
    Field("projet.titre", _("titre du projet"), "Boutique en ligne"),
    Field("projet.description", _("description du projet"), "Une boutique et son catalogue."),
    Field("projet.debut", _("début du projet"), "1er septembre 2026"),
    Field("projet.livraison", _("livraison prévue"), "15 décembre 2026"),
    Field("projet.budget", _("budget du projet"), "4 500 000 F CFA"),
    Field("societe.nom", _("notre raison sociale"), "NOURX SARL"),
    Field("societe.forme", _("notre forme juridique"), "SARL"),
    Field("societe.capital", _("notre capital social"), "1 000 000 F CFA"),
    Field("societe.adresse", _("notre adresse"), "Cocody, Abidjan"),
    Field("societe.ville", _("notre ville"), "Abidjan"),
    Field("societe.rccm", _("notre RCCM"), "CI-ABJ-03-2021-B13-00123"),
    Field("societe.ncc", _("notre NCC"), "2112345 A"),
    Field("societe.email", _("notre e-mail"), "contact@nourx.test"),
    Field("societe.telephone", _("notre téléphone"), "+225 27 22 00 00 00"),
    Field("date.jour", _("date du jour"), "22 novembre 2026"),
    Field("date.annee", _("année en cours"), "2026"),
    Field("auteur.nom", _("qui crée le document"), "Mariam Traoré"),
    Field("auteur.email", _("e-mail de qui le crée"), "direction@nourx.test"),
)
_sources: dict[str, Source] = {}


def add_source(source: Source) -> None:
    """Let templates hold the fields of a module above."""
    _sources[source.key] = source


def sources() -> list[Source]:
    """Return what modules above gave, in the order they gave it."""
    return list(_sources.values())


def known_fields() -> dict[str, Field]:
    """Return every field that a template may hold, by name."""
    given = [field for source in _sources.values() for field in source.fields]
    return {field.name: field for field in (*OWN_FIELDS, *given)}


def fields_in(*texts: str) -> list[str]:
    """Return the names between braces in texts, once each, in order."""
    return list(dict.fromkeys(name for text in texts for name in FIELD.findall(text)))


def unknown_in(*texts: str) -> list[str]:
    """Return what texts have between braces that no field is called, and braces left alone."""
    known = known_fields()
    unknown = [name[:LONGEST_SHOWN] for name in fields_in(*texts) if name not in known]
    alone = [found for text in texts for found in LEFT_OVER.findall(FIELD.sub("", text))]
    return list(dict.fromkeys([*unknown, *(found[:LONGEST_SHOWN] for found in alone)]))


def filled(text: str, values: Mapping[str, str]) -> str:
    """Replace each field of a plain text by its value; a value is never read again for fields."""
    return FIELD.sub(lambda match: values.get(match.group(1), ""), text)


def filled_html(html: str, values: Mapping[str, str]) -> str:
    """Replace each field of an HTML text by its value, written as text and not as HTML."""

    def value(match: re.Match[str]) -> str:
        return escape(values.get(match.group(1), "")).replace("\n", "<br>")

    return FIELD.sub(value, html)
