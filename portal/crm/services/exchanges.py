"""What follows from what was said with clients."""

from typing import Any

from core.audit.log import record
from portal.crm.models import Interaction


def note_interaction(*, interaction: Interaction, actor: Any) -> None:
    """Keep who noted it, and write it in the log."""
    if interaction.author_id is None:
        interaction.author = actor
        interaction.save(update_fields=["author"])
    record("interaction_noted", interaction, actor=actor)


def pin_interaction(*, interaction: Interaction, is_pinned: bool, actor: Any) -> None:
    """Keep a note at the head of its client's page, or let it go."""
    if interaction.is_pinned == is_pinned:
        return
    interaction.is_pinned = is_pinned
    interaction.save(update_fields=["is_pinned"])
    record("interaction_pinned", interaction, actor=actor, is_pinned=is_pinned)
