"""What fills a template for a preview: a real row that somebody chooses, or examples."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.utils import timezone

from core.hooks.rules import Fact, rule_events
from core.notify.models import MessageTemplate
from core.notify.own_messages import CLIENT, facts_of, house_name, wording_of

LOOKED_BACK = timedelta(days=90)
LOOKED_AHEAD = timedelta(days=60)
MOST_SAMPLES = 25


def samples_of(message: MessageTemplate) -> list[tuple[str, str]]:
    """Return the real rows that a template may be seen on: key, words; the newest first."""
    wording = wording_of(message)
    if message.kind == MessageTemplate.Kind.WORDING:
        return wording.samples()[:MOST_SAMPLES] if wording and wording.samples else []
    return [(fact.key, f"{fact.title} · {fact.client_name}") for fact in _facts(message.about)]


def message_context(message: MessageTemplate, sample: str, *, actor: Any) -> Mapping[str, Any]:
    """Return what fills a template: the facts of a chosen row, or examples when it is not found."""
    wording = wording_of(message)
    if wording is None:
        return {}
    if message.kind == MessageTemplate.Kind.WORDING:
        found = wording.context_of(sample) if sample and wording.context_of else None
        return {**wording.examples, **(found or {})}
    examples = {**wording.examples, "nom": str(actor), "societe": house_name()}
    fact = next((one for one in _facts(message.about) if one.key == sample), None)
    if fact is None:
        return examples
    event, today = rule_events()[message.about], timezone.localdate()
    return facts_of(fact, event, name=str(actor), on=today, is_staff=False)


def _facts(about: str) -> list[Fact]:
    event = rule_events().get(about)
    if about == CLIENT or event is None:
        return []
    today = timezone.localdate()
    found = event.find(today - LOOKED_BACK, today + LOOKED_AHEAD)
    return sorted(found, key=lambda fact: fact.on, reverse=True)[:MOST_SAMPLES]
