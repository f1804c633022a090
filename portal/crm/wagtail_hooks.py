"""The team's screens of sales."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.permissions import register_permission_policy

from core.access.policies import ReadOnlyPolicy, TeamPolicy
from core.audit.log import declare
from core.backoffice import menu
from core.notify.staff_events import declare_staff_event
from portal.crm import calendar_dates  # noqa: F401  its dates
from portal.crm.exchange_policy import ExchangePolicy
from portal.crm.models import (
    FollowUp,
    Interaction,
    InteractionFile,
    LossReason,
    Opportunity,
    PipelineStage,
    ScoreCriterion,
    StageMove,
)

for _model in (PipelineStage, Opportunity, LossReason, ScoreCriterion):
    register_permission_policy(_model, TeamPolicy(_model))
register_permission_policy(Interaction, ExchangePolicy(Interaction))
for _model in (StageMove, FollowUp, InteractionFile):
    register_permission_policy(_model, ReadOnlyPolicy(_model))

declare(
    opportunity_saved=_("Opportunité enregistrée"),
    opportunity_moved=_("Opportunité changée d’étape"),
    opportunity_won=_("Opportunité gagnée"),
    opportunity_lost=_("Opportunité perdue"),
    opportunity_reopened=_("Opportunité rouverte"),
    opportunity_assigned=_("Opportunité confiée"),
    stage_deleted=_("Étape commerciale supprimée"),
    follow_up_done=_("Relance commerciale faite"),
    follow_up_postponed=_("Relance commerciale reportée"),
    follow_up_planned=_("Relance commerciale planifiée"),
    prospect_started=_("Prospect créé"),
    interaction_noted=_("Échange noté"),
    interaction_pinned=_("Échange épinglé ou détaché"),
    interaction_removed=_("Échange retiré de l’historique"),
)
declare_staff_event(
    "opportunity-assigned", label=_("Une opportunité m’est confiée"), group=_("Commercial")
)

from portal.crm import client_card, exchange_hooks, home_hooks  # noqa: E402, F401  registers them
from portal.crm.screens.bulk import AssignMany  # noqa: E402
from portal.crm.screens.exchanges import InteractionViewSet  # noqa: E402
from portal.crm.screens.follow_ups import FollowUpsPage  # noqa: E402
from portal.crm.screens.opportunities import OpportunityViewSet  # noqa: E402
from portal.crm.screens.pipeline import PipelineBoard  # noqa: E402
from portal.crm.screens.prospects import ProspectPage  # noqa: E402
from portal.crm.screens.stages import (  # noqa: E402
    LossReasonViewSet,
    PipelineStageViewSet,
    ScoreCriterionViewSet,
)

menu.add_page("commercial", PipelineBoard, slug="commercial/pipeline", name="crm_pipeline", order=1)
menu.add_page(
    "commercial",
    ProspectPage,
    slug="commercial/prospects/nouveau",
    name="crm_prospect",
    order=3,
)
menu.add_page(
    "commercial",
    FollowUpsPage,
    slug="commercial/relances",
    name="crm_follow_ups",
    order=5,
    label=_("Relances"),
)
menu.add("commercial", OpportunityViewSet, order=20)
menu.add("commercial", InteractionViewSet, order=30)
menu.add("commercial", PipelineStageViewSet, order=82)
menu.add("commercial", ScoreCriterionViewSet, order=84)
menu.add("commercial", LossReasonViewSet, order=86)
hooks.register("register_bulk_action", AssignMany)
