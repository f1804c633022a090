"""Messages of our own, which rules and people send: their placeholders, and what fills them."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from core import hooks
from core.hooks.rules import AMOUNT, CHOICE, DAY, Fact, FactField, RuleEvent, rule_events
from core.money import format_amount
from core.notify.models import MessageTemplate
from core.notify.wordings import Wording, Words, fill, wordings
from core.ui.formats import date_long

CLIENT = "client"  # what a message to a client may say, without any fact
Placeholders = dict[str, tuple[str, Any, str]]
OF_PERSON: Placeholders = {
    "nom": ("nom", _("nom de la personne"), "Awa Koné"),
    "client": ("client", _("nom du client"), "Acme Distribution"),
    "societe": ("societe", _("nom de notre société"), "NOURX"),
}
OF_FACT: Placeholders = {
    "titre": ("titre", _("de quoi il s’agit"), "FAC-2026-0042"),
    "date": ("date", _("la date du fait"), "4 décembre 2026"),
    "jours": ("jours", _("jours écoulés, ou qui restent"), "7"),
    "lien": ("lien", _("adresse de la page"), "https://…"),
}


def about_choices() -> list[tuple[str, Any]]:
    """Return what a message of ours may be about: a client, or an event of rules."""
    events = rule_events().values()
    return [(CLIENT, _("Écrire à un client")), *((one.name, one.label) for one in events)]


def wording_of(message: MessageTemplate) -> Wording | None:
    """Return what a template may say; None when nothing of the product uses it any more."""
    if message.kind == MessageTemplate.Kind.WORDING:
        return wordings().get(message.name)
    return own_wording(message.about)


def own_wording(about: str) -> Wording | None:
    """Return what a message of ours about something may say."""
    if about == CLIENT:
        return Wording("", _("Écrire à un client"), OF_PERSON)
    event = rule_events().get(about)
    if event is None:
        return None
    fields = {name: (name, field.label, example_of(field)) for name, field in event.fields.items()}
    return Wording("", event.label, {**OF_PERSON, **OF_FACT, **fields})


def example_of(field: FactField) -> str:
    """Return what stands for a value when there is no real fact."""
    if field.example or not field.choices:
        return field.example or "…"
    return str(field.choices[0][1])


def facts_of(fact: Fact, event: RuleEvent, *, name: str, on: date, is_staff: bool) -> dict:
    """Return what fills the placeholders of a message about a fact, for one person, on a day."""
    path = fact.url if is_staff or not fact.client_url else fact.client_url
    written = {
        key: written_value(fact.values.get(key), field, fact.currency)
        for key, field in event.fields.items()
    }
    return {
        "nom": name,
        "client": fact.client_name,
        "societe": house_name(),
        "titre": fact.title,
        "date": date_long(fact.on),
        "jours": str(abs((on - fact.on).days)),
        "lien": settings.BASE_URL + path,
        **written,
    }


def house_name() -> str:
    """Return what we are called."""
    brand = hooks.brand(None)
    return brand.name if brand else "NOURX"


def written_value(value: Any, field: FactField, currency: str) -> str:
    """Return a value of a fact as people read it."""
    if value is None:
        return ""
    if field.kind == AMOUNT:
        return format_amount(value, currency)
    if field.kind == DAY:
        return date_long(value)
    if field.kind == CHOICE:
        return str(dict(field.choices).get(value, value))
    return str(value)


def own_words(message: MessageTemplate, wording: Wording, facts: Mapping[str, Any]) -> Words:
    """Return a message of ours with its placeholders filled."""
    subject = " ".join(fill(message.subject, wording, facts).split())
    return Words(subject, fill(message.body, wording, facts))
