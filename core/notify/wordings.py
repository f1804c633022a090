"""Mails that the team may write in its own words, with closed placeholders such as {{ client }}.

An app says which of its mails can be reworded, in a module read at start:

    declare_wording(
        "invoicing/invoice",
        label=_("Envoi d’une facture"),
        placeholders={
            # name: (key of the context, label, an example for the preview)
            "numero": ("number", _("numéro de la facture"), "FAC-2026-0042"),
            "montant": ("amount", _("montant à régler"), "150 000 F CFA"),
        },
        button=("pay_url", _("Payer en ligne")),
    )

A placeholder is replaced by its value, nothing else: the text of the team runs no code. Words are
written for a language: who reads another one gets our own text in it.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.notify.models import MessageTemplate

PLACEHOLDER = re.compile(r"\{\{\s*(.*?)\s*\}\}")
TAG = re.compile(r"\{%.*?%\}|\{#.*?#\}|\{\{[^}]*$|^[^{]*\}\}", re.DOTALL)


@dataclass(frozen=True)
class Wording:
    """A mail that can be reworded: its placeholders and the one button it keeps."""

    template: str
    label: Any
    placeholders: Mapping[str, tuple[str, Any, str]] = field(default_factory=dict)
    button: tuple[str, Any] | None = None
    # Real rows to see it on, newest first: (key, words); and what one of them fills, None: gone.
    samples: Callable[[], list[tuple[str, str]]] | None = None
    context_of: Callable[[str], Mapping[str, Any] | None] | None = None

    @property
    def examples(self) -> dict[str, str]:
        """A context that fills every placeholder, for a preview."""
        filled = {key: example for key, _label, example in self.placeholders.values()}
        return {**filled, self.button[0]: "#"} if self.button else filled


@dataclass(frozen=True)
class Words:
    """The words of the team for one mail, filled in."""

    subject: str
    body: str
    button_url: str = ""
    button_label: Any = ""


_wordings: dict[str, Wording] = {}


def declare_wording(
    template: str,
    *,
    label: Any,
    placeholders: Mapping[str, tuple[str, Any, str]],
    button: tuple[str, Any] | None = None,
    samples: Callable[[], list[tuple[str, str]]] | None = None,
    context_of: Callable[[str], Mapping[str, Any] | None] | None = None,
) -> None:
    """Say that a mail can be reworded, with which placeholders, and on which rows to see it."""
    _wordings[template] = Wording(template, label, placeholders, button, samples, context_of)


def wordings() -> dict[str, Wording]:
    """Return the mails that can be reworded, by template."""
    return dict(_wordings)


def unknown_placeholders(text: str, wording: Wording) -> list[str]:
    """Return what a text has between braces that the mail does not know, once each."""
    found = dict.fromkeys(PLACEHOLDER.findall(text))
    unknown = [name for name in found if name not in wording.placeholders]
    return unknown + [tag.strip() for tag in TAG.findall(PLACEHOLDER.sub("", text))]


def problems_of(text: str, wording: Wording) -> list[str]:
    """Say in French what a text may not hold: each unknown name, loop, or brace left open."""
    known = ", ".join(f"{{{{ {name} }}}}" for name in wording.placeholders)
    found = []
    for name in unknown_placeholders(text, wording):
        if name.startswith(("{%", "{#")):
            said = _("« %(name)s » : un modèle n’a ni boucle, ni condition, ni commentaire.")
        elif "{{" in name or "}}" in name:
            said = _("« %(name)s » : une variable s’ouvre par {{ et se ferme par }}.")
        else:
            said = _("Ce message ne connaît pas : %(name)s.")
        found.append(said % {"name": name[:60]})
    if found:
        found.append(_("Il connaît : %(known)s.") % {"known": known})
    return found


def fill(text: str, wording: Wording, context: Mapping[str, Any]) -> str:
    """Replace each placeholder of a text by its value in the context of the mail."""

    def value(match: re.Match[str]) -> str:
        key = wording.placeholders.get(match.group(1), ("", "", ""))[0]
        found = context.get(key, "")
        return "" if found is None else str(found)

    return PLACEHOLDER.sub(value, text)


def written_for(template: str) -> dict[str, MessageTemplate]:
    """Return what the team wrote in place of a mail and uses, by language."""
    if template not in _wordings:
        return {}
    rows = MessageTemplate.objects.filter(name=template, kind="wording", is_active=True)
    return {row.language: row for row in rows}


def words_now(written: Mapping[str, MessageTemplate], context: Mapping[str, Any]) -> Words | None:
    """Return the words for the language that is active, filled in; None when there are none."""
    mine = written.get((get_language() or "fr")[:2])
    return filled(mine, context) if mine else None


def filled(written: MessageTemplate, context: Mapping[str, Any]) -> Words:
    """Return what the team wrote for a mail, with the context of the mail in it."""
    wording = _wordings[written.name]
    url, label = "", ""
    if wording.button:
        url, label = str(context.get(wording.button[0], "")), wording.button[1]
    subject = " ".join(fill(written.subject, wording, context).split())
    return Words(subject, fill(written.body, wording, context), url, label)
