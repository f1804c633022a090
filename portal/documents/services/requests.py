"""Asking clients for documents; receiving them, or saying why they will not do."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from core.access.grants import require
from core.access.roles import Grant
from core.audit.log import record
from core.files.uploads import Attachment
from core.live.publishing import tell
from portal.documents.models import DocumentRequest, DocumentVersion, ProjectDocument
from portal.documents.services import telling
from portal.documents.services.deposits import new_document
from portal.documents.services.versions import add_version
from portal.projects.models import Project

BEFORE = timedelta(days=2)  # a reminder leaves so long before the day
AFTER = timedelta(days=7)  # a late one is not reminded of by itself when the job slept longer
PAUSE = timedelta(hours=1)  # between two reminders by hand
MOST_ASKED = 50


class RemindedLately(Exception):
    """The client was reminded within the hour."""

    message = _l("Le client vient d’être relancé : laissez-lui une heure.")


class AlreadyReceived(Exception):
    """What was asked came already."""


class NotReceived(Exception):
    """Nothing came yet that could be refused."""


@transaction.atomic
def note_request(*, request: DocumentRequest, actor: Any, at: datetime) -> None:
    """Tell the client of a request that has just been written; or keep that it changed."""
    if request.asked_at is None:
        request.asked_at, request.asked_by = at, actor
        request.save(update_fields=["asked_at", "asked_by"])
        record("document_requested", request, actor=actor)
        telling.tell_of_request(request, actor=actor)
    else:
        record("document_request_saved", request, actor=actor)
    tell("documents", client_id=request.client_id)


@transaction.atomic
def fulfil_request(
    *,
    request: DocumentRequest,
    files: Sequence[Attachment],
    actor: Any,
    at: datetime,
) -> None:
    """Keep what a client sends for a request, which closes; the team is told.

    We asked for it: whether the project takes other deposits does not matter. After a refusal the
    first file becomes the next version of the document that was refused.

    :raises PermissionDenied: if the person takes no part in this project.
    :raises AlreadyReceived: if it came in the meantime.
    :raises ValidationError: if a file is not whole or not of this client.
    """
    require(actor, Grant.TAKE_PART, request.client_id)
    if not Project.objects.visible_to(actor).filter(pk=request.project_id).exists():
        raise PermissionDenied("this project is not theirs")
    request = DocumentRequest.objects.select_for_update().get(pk=request.pk)
    if request.is_received:
        raise AlreadyReceived
    versions: list[DocumentVersion] = []
    for attachment in files:
        document = _document_for(request, len(versions), at)
        versions.append(add_version(document=document, attachment=attachment, actor=actor, at=at))
    request.document, request.fulfilled_at, request.refusal = versions[0].document, at, ""
    request.save(update_fields=["document", "fulfilled_at", "refusal"])
    record("document_received", request, actor=actor, files=len(versions))
    telling.tell_team_of_answer(request, versions, actor=actor)
    tell("documents", client_id=request.client_id)


@transaction.atomic
def refuse_received(*, request: DocumentRequest, reason: str, actor: Any, at: datetime) -> None:
    """Say why what came will not do: the request is open again, and the client is told.

    :raises NotReceived: if nothing came, or it was refused in the meantime.
    """
    request = DocumentRequest.objects.select_for_update().get(pk=request.pk)
    if request.fulfilled_at is None:
        raise NotReceived
    key = f"{request.pk}:{request.fulfilled_at.isoformat()}"
    request.fulfilled_at, request.refusal = None, reason
    request.save(update_fields=["fulfilled_at", "refusal"])
    record("document_refused", request, actor=actor, reason=reason)
    telling.tell_of_refusal(request, actor=actor, key=key)
    tell("documents", client_id=request.client_id)


def _document_for(request: DocumentRequest, rank: int, at: datetime) -> ProjectDocument:
    """Return where a file goes: what was refused, or a new document named after the request."""
    if rank == 0 and request.document is not None and request.document.is_shared:
        return request.document
    title = request.title if rank == 0 else f"{request.title[:190]} ({rank + 1})"
    return new_document(project=request.project, title=title, folder="", at=at)


def lines_of(text: str) -> list[tuple[str, str]]:
    """Return the documents that lines name, each with what follows « : ».

    :raises ValidationError: if there are none, too many, or a name is too long.
    """
    found: list[tuple[str, str]] = []
    for line in text.splitlines():
        title, _colon, detail = line.strip().lstrip("-•* ").partition(":")
        if title.strip():
            found.append((title.strip(), detail.strip()))
    if not found:
        raise ValidationError(_("Écrivez un document par ligne."))
    if len(found) > MOST_ASKED:
        raise ValidationError(_("Cinquante documents au plus à la fois."))
    too_long = next((title for title, _detail in found if len(title) > 200), None)
    if too_long is not None:
        text = _("Une ligne fait plus de 200 caractères : « %(start)s… ».")
        raise ValidationError(text % {"start": too_long[:60]})
    return found


@transaction.atomic
def ask_documents(
    *,
    project: Project,
    items: Sequence[tuple[str, str]],
    due_date: date | None,
    bundle: str,
    actor: Any,
    at: datetime,
) -> list[DocumentRequest]:
    """Ask a client for several documents at once; they are told once.

    What is awaited already under the same title is not asked a second time.

    :raises ValidationError: if all of them are awaited already.
    """
    waiting = DocumentRequest.objects.filter(project=project, fulfilled_at=None)
    known = {title.casefold() for title in waiting.values_list("title", flat=True)}
    made = []
    for title, detail in items:
        if title.casefold() in known:
            continue
        known.add(title.casefold())
        row = DocumentRequest.objects.create(
            project=project,
            title=title,
            detail=detail,
            due_date=due_date,
            bundle=bundle,
            asked_by=actor,
            asked_at=at,
        )
        record("document_requested", row, actor=actor, bundle=bundle)
        made.append(row)
    if not made:
        raise ValidationError(_("Ces documents sont déjà attendus de ce projet."))
    telling.tell_of_requests(made, actor=actor)
    tell("documents", client_id=project.client_id)
    return made


@transaction.atomic
def remind_request(*, request: DocumentRequest, actor: Any, at: datetime) -> None:
    """Remind the client of a document that we wait for.

    :raises AlreadyReceived: if it came in the meantime.
    :raises RemindedLately: if they were reminded within the hour.
    """
    request = DocumentRequest.objects.select_for_update().get(pk=request.pk)
    if request.is_received:
        raise AlreadyReceived
    if request.reminded_at is not None and request.reminded_at > at - PAUSE:
        raise RemindedLately
    _remind(request, actor=actor, at=at)


def remind_of_due(*, at: datetime) -> int:
    """Remind clients of what is due in two days, and of what was due yesterday; return how many.

    Each only once, however often this runs; a reminder by hand in between counts as one.
    """
    today = timezone.localdate(at)
    rows = DocumentRequest.objects.filter(fulfilled_at=None, asked_at__lte=at - timedelta(days=1))
    soon = Q(due_date__gt=today, due_date__lte=today + BEFORE)
    late = Q(due_date__lt=today, due_date__gte=today - AFTER)
    quiet = (
        Q(reminded_at=None)
        | Q(soon, reminded_at__date__lt=F("due_date") - BEFORE)
        | Q(late, reminded_at__date__lte=F("due_date"))
    )
    count = 0
    for key in list(rows.filter(soon | late).filter(quiet).values_list("pk", flat=True)):
        with transaction.atomic():
            locked = DocumentRequest.objects.select_for_update(skip_locked=True)
            request = locked.filter(quiet, pk=key, fulfilled_at=None).first()
            if request is not None:
                _remind(request, actor=None, at=at)
                count += 1
    return count


def _remind(request: DocumentRequest, *, actor: Any, at: datetime) -> None:
    request.reminders, request.reminded_at = request.reminders + 1, at
    request.save(update_fields=["reminders", "reminded_at"])
    record("document_reminded", request, actor=actor, rank=request.reminders)
    telling.tell_of_reminder(request, on=timezone.localdate(at), actor=actor)
