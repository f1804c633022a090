"""The team's screens of the support."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import MultipleChoiceFilter
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.admin.ui.tables import Column
from wagtail.admin.widgets.button import Button

from core.backoffice import menu
from core.backoffice.actions import RecordAction
from core.backoffice.columns import FrenchDateColumn, StatusColumn, StatusLook
from core.backoffice.pages import RecordIndexView, RecordInspectView
from core.backoffice.viewsets import RecordViewSet
from core.files.forms import AttachmentsField
from core.hooks import Section
from portal.support import services
from portal.support.admin_sections import messages_of, sections_of
from portal.support.models import (
    MOST_CHARACTERS,
    Ticket,
)

LOOKS = {
    Ticket.Status.OPEN: StatusLook("todo", "now"),
    Ticket.Status.TAKEN: StatusLook("half", "now"),
    Ticket.Status.WAITING: StatusLook("reply", "warn"),
    Ticket.Status.SOLVED: StatusLook("done", "ok"),
    Ticket.Status.CLOSED: StatusLook("cancel"),
}


# What clients read as « Nous attendons votre réponse », the team reads from its own side.
WAITING = _("En attente du client")
STATES = [
    (value, WAITING if value == Ticket.Status.WAITING else word)
    for value, word in Ticket.Status.choices
]
AFTER_A_REPLY = [choice for choice in STATES if choice[0] != Ticket.Status.OPEN]


def state_of(ticket: Ticket) -> Any:
    """Return the state of a ticket in the words of the team."""
    return WAITING if ticket.status == Ticket.Status.WAITING else ticket.get_status_display()


class ReplyForm(forms.Form):
    """The team's answer, or a note that the client never sees."""

    body = forms.CharField(
        label=_("Message"), max_length=MOST_CHARACTERS, widget=forms.Textarea(attrs={"rows": 6})
    )
    files = AttachmentsField(label=_("Fichiers"))  # type: ignore[assignment]
    is_internal = forms.BooleanField(
        label=_("Note interne"),
        required=False,
        help_text=_("Le client ne la verra pas, ses fichiers non plus ; l’état reste le même."),
    )
    status = forms.ChoiceField(
        label=_("État ensuite"), choices=AFTER_A_REPLY, initial=Ticket.Status.WAITING
    )


class ReplyToTicket(RecordAction):
    """Answer a ticket."""

    name = "repondre"
    label = _("Répondre")
    icon_name = "mail"
    success = _("Réponse enregistrée.")
    form_class = ReplyForm
    template_name = "portal/support/backoffice/reply.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(thread=messages_of(self.object), **kwargs)

    def perform(self, record: Ticket, actor: Any, **values: Any) -> None:
        services.answer_as_team(ticket=record, actor=actor, at=timezone.now(), **values)


class TicketFilterSet(WagtailFilterSet):
    """Several states at once: what is to be dealt with is new or taken."""

    status = MultipleChoiceFilter(
        label=_("État"), choices=STATES, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Ticket
        fields = ["status", "kind", "priority", "rating", "sla"]


class TicketIndexView(RecordIndexView):
    """The queue: whoever opens a ticket wants to read it before they change it."""

    def get_edit_url(self, instance: Any) -> str | None:
        return None

    def get_list_more_buttons(self, instance: Any) -> list[Any]:
        buttons = super().get_list_more_buttons(instance)
        if edit_url := super().get_edit_url(instance):
            buttons.append(Button(_("Modifier"), url=edit_url, icon_name="edit", priority=10))
        return buttons


class TicketInspectView(RecordInspectView):
    """A ticket in the words of the team, then its conversation."""

    def get_field_display_value(self, field_name: str, field: Any) -> Any:
        if field_name == "status":
            return state_of(self.object)
        return super().get_field_display_value(field_name, field)


class TicketViewSet(RecordViewSet):
    """One queue for every request: a row leads to its conversation."""

    index_view_class = TicketIndexView
    inspect_view_class = TicketInspectView
    model = Ticket
    icon = "mail"
    menu_label = _("Tickets")
    ordering = "-updated_at"
    list_display = [
        "number",
        Column("subject", label=_("Sujet")),
        Column("client", label=_("Client")),
        StatusColumn("status", label=_("État"), looks=LOOKS, word=state_of),
        Column("get_kind_display", label=_("Type")),
        Column("get_priority_display", label=_("Priorité")),
        Column("assignee", label=_("Suivi par")),
        FrenchDateColumn("updated_at", label=_("Modifié"), sort_key="updated_at"),
    ]
    filterset_class = TicketFilterSet
    search_fields = ["number", "subject", "client__search_norm"]
    list_export = ["number", "subject", "client", "status", "priority", "assignee", "created_at"]
    export_filename = "tickets"
    inspect_view_fields = [
        "number",
        "subject",
        "client",
        "project",
        "status",
        "kind",
        "priority",
        "assignee",
        "opened_by",
        "follows",
        "answer_due_at",
        "answered_at",
        "solution_due_at",
        "solved_at",
    ]
    panels = [
        FieldPanel("subject"),
        FieldRowPanel([FieldPanel("client"), FieldPanel("project")]),
        FieldRowPanel([FieldPanel("status"), FieldPanel("kind"), FieldPanel("priority")]),
        FieldRowPanel([FieldPanel("assignee"), FieldPanel("sla")]),
    ]
    actions = (ReplyToTicket,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Ticket]:
        rows = Ticket.objects.select_related("client", "assignee")
        return rows.defer("client__search_vector")

    def saved(self, record: Ticket, *, actor: Any, is_new: bool) -> None:
        services.note_ticket(ticket=record, actor=actor, is_new=is_new, at=timezone.now())

    def sections(self, record: Ticket, request: HttpRequest) -> list[Section]:
        return sections_of(record)


menu.add("support", TicketViewSet, order=10)
