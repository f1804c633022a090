"""What follows from changes to sales."""

from typing import Any

from core.audit.log import record
from portal.crm.models import Interaction, Opportunity


def note_opportunity(*, opportunity: Opportunity, actor: Any) -> None:
    """Write in the log that an opportunity was made or changed."""
    record("opportunity_saved", opportunity, actor=actor, stage=opportunity.stage.name)


def note_interaction(*, interaction: Interaction, actor: Any) -> None:
    """Keep who noted it, and write it in the log."""
    if interaction.author_id is None:
        interaction.author = actor
        interaction.save(update_fields=["author"])
    record("interaction_noted", interaction, actor=actor)
