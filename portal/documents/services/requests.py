"""Asking clients for documents; receiving them, or saying why they will not do."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

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
