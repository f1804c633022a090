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
from core.outbox.services import owe
from core.search import search_text
from portal.documents.models import (
    DocumentReading,
    DocumentVersion,
    PaperTemplateVersion,
    ProjectDocument,
)
from portal.documents.services import telling
from portal.documents.services.links import revoke_links

WORDS = "documents.words"


class IsLatest(Exception):
    """The version is the latest already: there is nothing to restore."""


@transaction.atomic
def add_version(
    *,
    document: ProjectDocument,
    attachment: Attachment,
    actor: Any,
    at: datetime,
    note: str = "",
) -> DocumentVersion:
    """Keep a file as the next version of a document.

    The client is told when the team adds a version to what they may read.

    :raises ValidationError: if the file is not whole or not of this client.
    """
    [file] = take([attachment], client_id=document.client_id, actor=actor)
    return keep_version(document=document, file=file, actor=actor, at=at, note=note)


@transaction.atomic
def keep_version(
    *,
    document: ProjectDocument,
    file: StoredFile,
    actor: Any,
    at: datetime,
    note: str = "",
    made_from: PaperTemplateVersion | None = None,
) -> DocumentVersion:
    """Keep a file of the client that is stored already as the next version of a document."""
    document = ProjectDocument.objects.select_for_update().get(pk=document.pk)
    last = document.versions.aggregate(last=Max("number"))["last"] or 0
    version = DocumentVersion.objects.create(
        document=document,
        number=last + 1,
        file=file,
        author=actor,
        created_at=at,
        note=note,
        made_from=made_from,
    )
    document.latest, document.contents = version, search_text(file.name)
    document.save(update_fields=["latest", "contents", "library_norm"])
    owe(
        WORDS,
        key=f"{WORDS}:{version.pk}",
        payload={"version_id": version.pk},
        client_id=document.client_id,
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
def restore_version(
    *, version: DocumentVersion, actor: Any, at: datetime, note: str = ""
) -> DocumentVersion:
    """Make the file of an older version the latest again, as a version of its own.

    :raises IsLatest: if it is the latest one.
    """
    document = ProjectDocument.objects.select_for_update().get(pk=version.document_id)
    if document.latest_id == version.pk:
        raise IsLatest
    kept = keep_version(
        document=document,
        file=version.file,
        actor=actor,
        at=at,
        note=note,
        made_from=version.made_from,
    )
    record("document_restored", document, actor=actor, version=kept.number, restored=version.number)
    return kept


@transaction.atomic
def keep_words(*, version_id: int, words: str) -> None:
    """Keep the words of a file, for the team to find its document by, if it still is the latest."""
    rows = ProjectDocument.objects.select_for_update().filter(latest_id=version_id)
    for document in rows:
        document.contents = words
        document.save(update_fields=["contents", "library_norm"])


@transaction.atomic
def note_document(*, document: ProjectDocument, actor: Any, at: datetime) -> None:
    """Keep the moment a document was shared, tell the client, and write the change in the log.

    A document that is ours again has its links cut: shared once more, they stay dead.
    """
    if document.is_shared != (document.shared_at is not None):
        document.shared_at = at if document.is_shared else None
        document.save(update_fields=["shared_at"])
        latest = document.versions.select_related("document").order_by("-number").first()
        if document.is_shared and latest is not None:
            telling.tell_of_version(latest, actor=actor)
    if not document.is_shared:
        revoke_links(document=document, actor=actor, at=at)
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
