"""What was said with clients, and internal notes."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.admin.ui.tables import BooleanColumn, Column

from core.accounts.models import Client
from core.backoffice.actions import RecordAction
from core.backoffice.columns import FrenchDateColumn
from core.backoffice.viewsets import RecordViewSet
from portal.crm import services
from portal.crm.models import Interaction, Opportunity


class Pin(RecordAction):
    """Keep it at the head of the client's page."""

    name = "epingler"
    label = _("Épingler")
    icon_name = "pick"
    success = _("Épinglé en tête de la fiche du client.")

    @classmethod
    def is_offered(cls, record: Interaction) -> bool:
        return not record.is_pinned

    def perform(self, record: Interaction, actor: Any) -> None:
        services.pin_interaction(interaction=record, is_pinned=True, actor=actor)


class Unpin(RecordAction):
    """Let it go from the head of the client's page."""

    name = "detacher"
    label = _("Détacher")
    icon_name = "cross"
    success = _("Détaché.")

    @classmethod
    def is_offered(cls, record: Interaction) -> bool:
        return record.is_pinned

    def perform(self, record: Interaction, actor: Any) -> None:
        services.pin_interaction(interaction=record, is_pinned=False, actor=actor)


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
        BooleanColumn("is_pinned", label=_("Épinglé")),
    ]
    list_filter = ["kind", "is_pinned"]
    search_fields = ["body", "client__search_norm"]
    inspect_view_fields = [
        "client", "kind", "happened_at", "opportunity", "body", "author", "is_pinned",
    ]  # fmt: skip
    actions = (Pin, Unpin)
    panels = [
        FieldPanel("client"),
        FieldRowPanel([FieldPanel("kind"), FieldPanel("happened_at")]),
        FieldPanel("opportunity"),
        FieldPanel("body"),
        FieldPanel("is_pinned"),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Interaction]:
        rows = Interaction.objects.select_related("client", "author")
        return rows.defer("client__search_vector")

    def new_record(self, request: HttpRequest) -> Interaction:
        kind = request.GET.get("kind", "")
        return Interaction(
            happened_at=timezone.now(),
            author=request.user,
            client=_asked(Client, request.GET.get("client", "")),
            opportunity=_asked(Opportunity, request.GET.get("opportunity", "")),
            kind=kind if kind in Interaction.Kind.values else Interaction.Kind.NOTE,
        )

    def saved(self, record: Interaction, *, actor: object, is_new: bool) -> None:
        services.note_interaction(interaction=record, actor=actor)


def _asked(model: Any, key: str) -> Any:
    """Return the row that an address names, to begin a form with; None when it names none."""
    return model.objects.filter(pk=key).first() if key.isdigit() and len(key) < 18 else None
