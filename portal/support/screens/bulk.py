"""Acts on several tickets of the queue at once."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from core.accounts.models import User
from core.backoffice.bulk import RecordBulkChange
from core.desk.undo import declare_undo
from portal.support import services
from portal.support.models import Ticket
from portal.support.screens.forms import AssignForm, BulkCloseForm, PriorityForm


def _give_back(ticket: Ticket, key: int | None, actor: Any) -> None:
    to = User.objects.filter(pk=key).first() if key else None
    services.assign_ticket(ticket=ticket, to=to, actor=actor, at=timezone.now())


def _sort_back(ticket: Ticket, priority: int, actor: Any) -> None:
    services.set_priority(ticket=ticket, priority=priority, actor=actor, at=timezone.now())


declare_undo(
    "ticket_assignee",
    model=Ticket,
    read=lambda ticket: ticket.assignee_id,
    put_back=_give_back,
    refusals=(ValidationError,),
)
declare_undo(
    "ticket_priority", model=Ticket, read=lambda ticket: ticket.priority, put_back=_sort_back
)


class AssignMany(RecordBulkChange):
    models = [Ticket]
    action_type = "confier"
    display_name = _("Confier")
    aria_label = _("Confier les demandes choisies")
    form_class = AssignForm
    undo_kind = "ticket_assignee"

    def change(self, record: Any, actor: Any, **values: Any) -> None:
        services.assign_ticket(ticket=record, to=values["to"], actor=actor, at=timezone.now())


class SortMany(RecordBulkChange):
    models = [Ticket]
    action_type = "priorite"
    display_name = _("Priorité")
    aria_label = _("Changer la priorité des demandes choisies")
    form_class = PriorityForm
    undo_kind = "ticket_priority"

    def change(self, record: Any, actor: Any, **values: Any) -> None:
        services.set_priority(ticket=record, actor=actor, at=timezone.now(), **values)


class CloseMany(RecordBulkChange):
    models = [Ticket]
    action_type = "resoudre"
    display_name = _("Résoudre")
    aria_label = _("Résoudre les demandes choisies")
    question = _("Chaque client est prévenu, et invité à donner son avis.")
    form_class = BulkCloseForm
    refusals = (services.CannotClose,)

    def change(self, record: Any, actor: Any, **values: Any) -> None:
        services.close_ticket(ticket=record, actor=actor, at=timezone.now(), **values)


for _act in (AssignMany, SortMany, CloseMany):
    hooks.register("register_bulk_action", _act)
