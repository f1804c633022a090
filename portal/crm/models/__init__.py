"""Winning and keeping clients: opportunities, and what was said."""

from portal.crm.models.exchange_files import InteractionFile
from portal.crm.models.interactions import Interaction
from portal.crm.models.opportunities import FollowUp, Opportunity, StageMove
from portal.crm.models.pipeline import LossReason, PipelineStage, ScoreCriterion

__all__ = [
    "FollowUp",
    "Interaction",
    "InteractionFile",
    "LossReason",
    "Opportunity",
    "PipelineStage",
    "ScoreCriterion",
    "StageMove",
]
