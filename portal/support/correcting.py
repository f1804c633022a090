"""A low opinion becomes something to do: a task of the team, followed until it is done."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.audit.log import record
from portal.projects.models import Project, Task
from portal.projects.services.team_tasks import create_task
from portal.support.models import Ticket
from portal.support.services.steps import locked


@transaction.atomic
def open_corrective_task(
    *,
    ticket: Ticket,
    title: str,
    project: Project,
    assignee: Any,
    due_date: date | None,
    actor: Any,
) -> Task:
    """Open a task that answers the opinion given on a ticket, once. Its client does not see it.

    :raises ValidationError: if the project is another client's, or the ticket has one already.
    """
    ticket = locked(ticket)
    if project.client_id != ticket.client_id:
        raise ValidationError({"project": _("Ce projet n’est pas celui de ce client.")})
    if ticket.corrective_task_id is not None:
        raise ValidationError(_("Une action corrective est déjà ouverte."))
    said = ticket.rating_comment or _("Sans commentaire.")
    body = f"{ticket.number} · {ticket.rating}/5\n\n{said}"
    task = create_task(
        project=project,
        title=title,
        body=body,
        assignee=assignee,
        due_date=due_date,
        actor=actor,
        at=timezone.now(),
    )
    ticket.corrective_task = task
    ticket.save()
    record("ticket_corrective", ticket, actor=actor, task=task.pk)
    return task
