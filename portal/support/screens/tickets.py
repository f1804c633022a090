"""The screens of tickets: the queue, the page of one, the form of one that we open ourselves."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.admin.ui.tables import Column

from core.backoffice import menu
from core.backoffice.columns import MomentColumn, StatusColumn
from core.backoffice.viewsets import RecordViewSet
from portal.support import services
from portal.support.models import Ticket
from portal.support.screens.acts import ACTS
from portal.support.screens.page import TicketInspectView
from portal.support.screens.queue import TicketFilterSet, TicketIndexView, queue_rows
from portal.support.screens.words import (
    LOOKS,
    PRIORITY_LOOKS,
    ClockColumn,
    level_badge,
    state_of,
)


class PriorityColumn(StatusColumn):
    """How pressing a ticket is, and its level when it was escalated."""

    def get_value(self, instance: Ticket) -> Any:
        return format_html("{}{}", super().get_value(instance), level_badge(instance))


class TicketViewSet(RecordViewSet):
    """One queue for every request: a row leads to its conversation."""

    index_view_class = TicketIndexView
    inspect_view_class = TicketInspectView
    model = Ticket
    icon = "mail"
    menu_label = _("Demandes")
    add_label = _("Nouvelle demande")
    has_bulk_actions = True
    locked_text = _("Cette demande est réunie à une autre.")
    list_display = [
        "number",
        Column("subject", label=_("Sujet"), classname="nx-subject"),
        Column("client", label=_("Client"), classname="nx-subject nx-client"),
        StatusColumn("status", label=_("État"), looks=LOOKS, word=state_of),
        PriorityColumn("priority", label=_("Priorité"), looks=PRIORITY_LOOKS),
        ClockColumn("answer", label=_("Réponse"), is_answer=True),
        ClockColumn("solution", label=_("Résolution"), is_answer=False, sort_key="next_due_at"),
        Column("assignee", label=_("Suivi par")),
        MomentColumn("updated_at", label=_("Modifié"), sort_key="updated_at"),
    ]
    filterset_class = TicketFilterSet
    search_fields = ["search_vector"]
    list_export = [
        "number",
        "subject",
        "client",
        "project",
        "status",
        "kind",
        "priority",
        "level",
        "assignee",
        "created_at",
        "answer_due_at",
        "answered_at",
        "solution_due_at",
        "solved_at",
        "resolution",
        "rating",
    ]
    export_filename = "demandes"
    inspect_view_fields = ["number"]  # the page draws the rest itself
    panels = [
        FieldPanel("subject"),
        FieldRowPanel([FieldPanel("client"), FieldPanel("project")]),
        FieldRowPanel([FieldPanel("status"), FieldPanel("kind"), FieldPanel("priority")]),
        FieldRowPanel([FieldPanel("assignee"), FieldPanel("sla")]),
    ]
    actions = ACTS

    def get_queryset(self, request: HttpRequest) -> QuerySet[Ticket]:
        return queue_rows(request)

    def saved(self, record: Ticket, *, actor: Any, is_new: bool) -> None:
        services.note_ticket(ticket=record, actor=actor, is_new=is_new, at=timezone.now())


menu.add("support", TicketViewSet, order=10)
