"""The buttons of a ticket: each asks, then makes one service call."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _

from core.backoffice.actions import RecordAction
from portal.support import services
from portal.support.correcting import open_corrective_task
from portal.support.models import Ticket
from portal.support.screens import forms
from portal.support.screens.sections import messages_of
from portal.support.words import HIGHEST_LEVEL

PAGE = "wagtailsnippets_support_ticket:inspect"


class OnTicket(RecordAction):
    """An act on a ticket that was not merged: its page afterwards, or that of another ticket."""

    is_listed = False

    @classmethod
    def is_offered(cls, record: Ticket) -> bool:
        return record.merged_into_id is None

    def get_record_url(self, done: Any = None) -> str:
        shown = done if isinstance(done, Ticket) else self.object
        return reverse(PAGE, args=[shown.pk])


class ReplyToTicket(OnTicket):
    """Answer a ticket."""

    name = "repondre"
    label = _("Répondre")
    icon_name = "mail"
    is_listed = True
    success = _("Message enregistré.")
    form_class = forms.ReplyForm
    template_name = "portal/support/backoffice/reply.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(thread=messages_of(self.object), **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            return super().form_valid(form)
        except services.AnsweredMeanwhile as stale:
            text = _text("%(name)s a écrit entre-temps : lisez, puis envoyez de nouveau si besoin.")
            form.data = form.data.copy()
            form.data["seen"] = str(stale.message.pk)
            form.add_error(None, text % {"name": stale.message.author_name})
            return self.form_invalid(form)

    def perform(self, record: Ticket, actor: Any, **values: Any) -> None:
        services.answer_as_team(ticket=record, actor=actor, at=timezone.now(), **values)


class AssignTicket(OnTicket):
    name = "confier"
    label = _("Confier")
    icon_name = "user"
    is_listed = True
    success = _("C’est confié.")
    form_class = forms.AssignForm

    def get_initial(self) -> dict[str, Any]:
        return {"to": self.object.assignee_id}

    def perform(self, record: Ticket, actor: Any, to: Any) -> None:
        services.assign_ticket(ticket=record, to=to, actor=actor, at=timezone.now())


class SortTicket(OnTicket):
    name = "priorite"
    label = _("Changer la priorité")
    icon_name = "order"
    success = _("Priorité changée.")
    form_class = forms.PriorityForm

    def get_initial(self) -> dict[str, Any]:
        return {"priority": self.object.priority}

    def perform(self, record: Ticket, actor: Any, priority: int) -> None:
        services.set_priority(ticket=record, priority=priority, actor=actor, at=timezone.now())


class CloseTicket(OnTicket):
    name = "resoudre"
    label = _("Résoudre")
    icon_name = "check"
    is_listed = True
    success = _("Demande résolue. Le client est invité à donner son avis.")
    form_class = forms.CloseForm
    refusals = {services.CannotClose: _("Cette demande est déjà résolue ou fermée.")}

    @classmethod
    def is_offered(cls, record: Ticket) -> bool:
        return record.status != Ticket.Status.CLOSED and super().is_offered(record)

    def perform(self, record: Ticket, actor: Any, **values: Any) -> None:
        services.close_ticket(ticket=record, actor=actor, at=timezone.now(), **values)


class EscalateTicket(OnTicket):
    name = "escalader"
    label = _("Escalader")
    icon_name = "warning"
    question = _("La priorité monte, et qui répond de cette demande est prévenu.")
    success = _("Demande escaladée.")
    form_class = forms.EscalateForm
    refusals = {services.CannotEscalate: _("Cette demande est déjà au plus haut niveau, ou finie.")}

    @classmethod
    def is_offered(cls, record: Ticket) -> bool:
        return not record.is_over and record.level < HIGHEST_LEVEL and super().is_offered(record)

    def perform(self, record: Ticket, actor: Any, reason: str) -> None:
        services.escalate_ticket(ticket=record, reason=reason, actor=actor, at=timezone.now())


class MergeTicket(OnTicket):
    name = "reunir"
    label = _("Réunir à une autre")
    icon_name = "link"
    question = _(
        "Messages, fichiers, temps et abonnés passent à l’autre demande, celle-ci se ferme et y "
        "conduit son client. Cela se défait pendant sept jours."
    )
    success = _("Les deux demandes n’en font plus qu’une.")
    form_class = forms.MergeForm

    def perform(self, record: Ticket, actor: Any, into: Ticket) -> Ticket:
        return services.merge_tickets(ticket=record, into=into, actor=actor, at=timezone.now())


class UndoMerge(OnTicket):
    name = "separer-de-nouveau"
    label = _("Défaire la réunion")
    icon_name = "undo"
    question = _("Ses messages et ses fichiers lui reviennent, et elle se rouvre.")
    success = _("La demande est de nouveau à part.")

    @classmethod
    def is_offered(cls, record: Ticket) -> bool:
        return record.merged_into_id is not None

    def perform(self, record: Ticket, actor: Any) -> Ticket:
        return services.undo_merge(ticket=record, actor=actor, at=timezone.now())


class SplitTicket(OnTicket):
    name = "separer"
    label = _("Séparer un message")
    icon_name = "cut"
    question = _("Le message et ses fichiers deviennent une nouvelle demande du même client.")
    success = _("Le message est maintenant une demande à part.")
    form_class = forms.SplitForm

    def get_form(self, form_class: Any = None) -> Any:
        form = super().get_form(form_class)
        rows = self.object.messages.filter(is_internal=False).order_by("created_at", "pk")
        form.fields["message"].queryset = rows
        return form

    def get_initial(self) -> dict[str, Any]:
        asked = self.request.GET.get("message", "")
        return {"message": asked, "subject": self.object.subject}

    def perform(self, record: Ticket, actor: Any, message: Any, subject: str) -> Ticket:
        return services.split_message(
            ticket=record, message=message, subject=subject, actor=actor, at=timezone.now()
        )


class WatchTicket(OnTicket):
    name = "abonnes"
    label = _("Choisir les abonnés")
    icon_name = "view"
    success = _("Abonnés enregistrés.")
    form_class = forms.WatchForm

    def get_initial(self) -> dict[str, Any]:
        return {"people": list(self.object.watchers.values_list("user", flat=True))}

    def perform(self, record: Ticket, actor: Any, people: Any) -> None:
        services.watch_ticket(ticket=record, people=people, actor=actor)


class LogTime(OnTicket):
    name = "temps"
    label = _("Noter du temps")
    icon_name = "time"
    success = _("Temps noté.")
    form_class = forms.TimeForm

    def perform(self, record: Ticket, actor: Any, **values: Any) -> None:
        services.log_time(ticket=record, actor=actor, **values)


class OpenCorrectiveTask(OnTicket):
    name = "action-corrective"
    label = _("Ouvrir une action corrective")
    icon_name = "tasks"
    question = _("Une tâche interne d’un projet du client, suivie jusqu’à ce qu’elle soit faite.")
    success = _("Action corrective ouverte.")
    form_class = forms.CorrectiveForm

    @classmethod
    def is_offered(cls, record: Ticket) -> bool:
        return record.rating is not None and record.corrective_task_id is None

    def get_initial(self) -> dict[str, Any]:
        title = _text("Suite à l’avis sur %(number)s : %(subject)s")
        facts = {"number": self.object.number, "subject": self.object.subject}
        return {"title": (title % facts)[:300], "project": self.object.project_id}

    def perform(self, record: Ticket, actor: Any, **values: Any) -> None:
        open_corrective_task(ticket=record, actor=actor, **values)


ACTS = (
    CloseTicket,
    EscalateTicket,
    AssignTicket,
    ReplyToTicket,
    SortTicket,
    MergeTicket,
    UndoMerge,
    SplitTicket,
    WatchTicket,
    LogTime,
    OpenCorrectiveTask,
)
