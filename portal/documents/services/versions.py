"""Keeping the versions of documents, sharing documents, and noting who read them."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from core.accounts.services import count_act
from core.audit.log import record
from core.files.models import StoredFile
from core.files.uploads import Attachment, take
from core.live.publishing import tell
from portal.documents.models import DocumentReading, DocumentVersion, ProjectDocument
from portal.documents.services import telling


@transaction.atomic
def add_version(
    *, document: ProjectDocument, attachment: Attachment, actor: Any, at: datetime
) -> DocumentVersion:
    """Keep a file as the next version of a document.

    The client is told when the team adds a version to what they may read.

    :raises ValidationError: if the file is not whole or not of this client.
    """
    [file] = take([attachment], client_id=document.client_id, actor=actor)
    return keep_version(document=document, file=file, actor=actor, at=at)


@transaction.atomic
def keep_version(
    *, document: ProjectDocument, file: StoredFile, actor: Any, at: datetime
) -> DocumentVersion:
    """Keep a file of the client that is stored already as the next version of a document."""
    document = ProjectDocument.objects.select_for_update().get(pk=document.pk)
    last = document.versions.aggregate(last=Max("number"))["last"] or 0
    version = DocumentVersion.objects.create(
        document=document, number=last + 1, file=file, author=actor, created_at=at
    )
    record("document_deposited", document, actor=actor, version=version.number)
    tell("documents", client_id=document.client_id, row=document.pk)
    if actor is not None and not actor.is_staff:
        ids = {"document_id": document.pk, "project_id": document.project_id}
        count_act("document_uploaded", user=actor, key=str(version.pk), at=at, **ids)
    if document.is_shared and actor is not None and actor.is_staff:
        telling.tell_of_version(version, actor=actor)
    return version


@transaction.atomic
def note_document(*, document: ProjectDocument, actor: Any, at: datetime) -> None:
    """Keep the moment a document was shared, tell the client, and write the change in the log."""
    if document.is_shared != (document.shared_at is not None):
        document.shared_at = at if document.is_shared else None
        document.save(update_fields=["shared_at"])
        latest = document.versions.select_related("document").order_by("-number").first()
        if document.is_shared and latest is not None:
            telling.tell_of_version(latest, actor=actor)
    record("document_saved", document, actor=actor, visibility=document.visibility)
    tell("documents", client_id=document.client_id, row=document.pk)


def note_reading(*, document: ProjectDocument, number: int, actor: Any, at: datetime) -> None:
    """Keep that somebody opened this version of a document: it is new to them no more."""
    DocumentReading.objects.update_or_create(
        document=document,
        user=actor,
        defaults={"number": number, "read_at": at, "client_id": document.client_id},
    )


@transaction.atomic
def note_download(*, version: DocumentVersion, actor: Any, at: datetime, shown: bool) -> None:
    """Write in the log that somebody was handed a file, `shown` in a page or downloaded."""
    record(
        "document_downloaded",
        version.document,
        actor=actor,
        version=version.number,
        file=version.file_id,
        shown=shown,
    )
    if actor is not None and not actor.is_staff:
        note_reading(document=version.document, number=version.number, actor=actor, at=at)
