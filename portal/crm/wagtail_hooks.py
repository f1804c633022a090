"""The team's screens of sales."""

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.admin.ui.tables import Column
from wagtail.permissions import register_permission_policy

from core.access.policies import TeamPolicy
from core.audit.log import declare
from core.backoffice import menu
from core.backoffice.columns import FigureColumn, FrenchDateColumn, MoneyColumn
from core.backoffice.viewsets import RecordViewSet
from portal.crm import services
from portal.crm.models import Interaction, Opportunity, PipelineStage

for _model in (PipelineStage, Opportunity, Interaction):
    register_permission_policy(_model, TeamPolicy(_model))

declare(opportunity_saved=_("Opportunité enregistrée"), interaction_noted=_("Échange noté"))


class OpportunityFilterSet(WagtailFilterSet):
    """How opportunities are filtered."""

    class Meta:
        model = Opportunity
        fields = ["stage", "source"]


class OpportunityViewSet(RecordViewSet):
    """Sales we hope for."""

    model = Opportunity
    icon = "pick"
    menu_label = _("Opportunités")
    add_label = _("Nouvelle opportunité")
    ordering = "follow_up_date"
    list_display = [
        "title",
        Column("client", label=_("Client")),
        Column("stage", label=_("Étape")),
        MoneyColumn("amount", label=_("Budget")),
        FigureColumn("score", label=_("Note")),
        FrenchDateColumn(
            "follow_up_date",
            label=_("Relance"),
            sort_key="follow_up_date",
            is_late=lambda row: row.follow_up_date < timezone.localdate(),
        ),
        Column("owner", label=_("Suivie par")),
    ]
    filterset_class = OpportunityFilterSet
    search_fields = ["title", "client__search_norm"]
    list_export = ["title", "client", "stage", "source", "amount", "score", "follow_up_date"]
    export_filename = "opportunites"
    money_fields = ("amount",)
    panels = [
        FieldPanel("title"),
        FieldPanel("client"),
        FieldRowPanel([FieldPanel("stage"), FieldPanel("source"), FieldPanel("manual_score")]),
        FieldRowPanel([FieldPanel("amount"), FieldPanel("currency")]),
        FieldRowPanel([FieldPanel("follow_up_date"), FieldPanel("owner")]),
        FieldPanel("need"),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Opportunity]:
        rows = Opportunity.objects.select_related("client", "stage", "owner")
        return rows.defer("client__search_vector")

    def saved(self, record: Opportunity, *, actor: object, is_new: bool) -> None:
        services.note_opportunity(opportunity=record, actor=actor)


class PipelineStageViewSet(RecordViewSet):
    """The steps of the pipeline."""

    model = PipelineStage
    icon = "list-ol"
    menu_label = _("Étapes commerciales")
    add_label = _("Nouvelle étape")
    ordering = "sort_order"
    list_display = ["name", Column("sort_order", label=_("Ordre"))]
    search_fields = ["name"]
    panels = [
        FieldPanel("name"),
        FieldRowPanel([FieldPanel("is_won"), FieldPanel("is_lost"), FieldPanel("sort_order")]),
    ]


class InteractionViewSet(RecordViewSet):
    """What was said with clients, and internal notes."""

    model = Interaction
    icon = "comment"
    menu_label = _("Échanges et notes")
    add_label = _("Noter un échange")
    ordering = "-happened_at"
    list_display = [
        "body",
        Column("client", label=_("Client")),
        Column("get_kind_display", label=_("Nature")),
        Column("author", label=_("Auteur")),
        FrenchDateColumn("happened_at", label=_("Le"), sort_key="happened_at"),
    ]
    list_filter = ["kind"]
    search_fields = ["body", "client__search_norm"]
    panels = [
        FieldPanel("client"),
        FieldRowPanel([FieldPanel("kind"), FieldPanel("happened_at")]),
        FieldPanel("opportunity"),
        FieldPanel("body"),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Interaction]:
        rows = Interaction.objects.select_related("client", "author")
        return rows.defer("client__search_vector")

    def new_record(self, request: HttpRequest) -> Interaction:
        return Interaction(happened_at=timezone.now(), author=request.user)

    def saved(self, record: Interaction, *, actor: object, is_new: bool) -> None:
        services.note_interaction(interaction=record, actor=actor)


menu.add("commercial", OpportunityViewSet, order=20)
menu.add("commercial", InteractionViewSet, order=30)
menu.add("commercial", PipelineStageViewSet, order=80)
