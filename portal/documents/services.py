"""Depositing documents and sharing them."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from core.access.grants import require
from core.access.roles import Grant
from core.audit.log import record
from core.files.contents import UnsafeContent, content_type_of, safe_name
from core.files.services import store_file
from portal.documents.models import DocumentRequest, DocumentVersion, ProjectDocument
from portal.projects.models import Project

MOST_BYTES = 25 * 1024 * 1024


@transaction.atomic
def add_version(
    *, document: ProjectDocument, upload: UploadedFile, actor: Any, at: datetime
) -> DocumentVersion:
    """Keep a file as the next version of a document.

    :raises ValidationError: if the file is too large, or not of a type we keep.
    """
    if (upload.size or 0) > MOST_BYTES:
        raise ValidationError({"file": _("Ce fichier dépasse 25 Mo.")})
    content = upload.read()
    try:
        content_type = content_type_of(content, upload.name or "")
    except UnsafeContent as refusal:
        raise ValidationError({"file": str(refusal)}) from refusal
    document = ProjectDocument.objects.select_for_update().get(pk=document.pk)
    last = document.versions.aggregate(last=Max("number"))["last"] or 0
    version = DocumentVersion.objects.create(
        document=document,
        number=last + 1,
        file=store_file(
            content=content,
            name=safe_name(upload.name or "document"),
            content_type=content_type,
            client_id=document.client_id,
            actor=actor,
        ),
        author=actor,
        created_at=at,
    )
    record("document_deposited", document, actor=actor, version=version.number)
    return version


@transaction.atomic
def hand_in(
    *,
    project: Project,
    title: str,
    upload: UploadedFile,
    answers: DocumentRequest | None,
    actor: Any,
    at: datetime,
) -> ProjectDocument:
    """Keep a document that a client hands in; it answers what we asked, if anything.

    :raises PermissionDenied: if the project takes no deposits, or the person no part in it.
    :raises ValidationError: if the file is too large, or not of a type we keep.
    """
    require(actor, Grant.TAKE_PART, project.client_id)
    if not project.clients_may_upload or project.is_archived:
        raise PermissionDenied("this project takes no deposits")
    document = ProjectDocument(project=project, title=title, shared_at=at)
    document.visibility = ProjectDocument.Visibility.CLIENT
    document.save()
    add_version(document=document, upload=upload, actor=actor, at=at)
    if answers is not None and answers.project_id == project.pk:
        answers.document, answers.fulfilled_at = document, at
        answers.save(update_fields=["document", "fulfilled_at"])
    return document


def note_document(*, document: ProjectDocument, actor: Any, at: datetime) -> None:
    """Keep the moment a document was shared, and write the change in the log."""
    is_shared = document.visibility == ProjectDocument.Visibility.CLIENT
    if is_shared != (document.shared_at is not None):
        document.shared_at = at if is_shared else None
        document.save(update_fields=["shared_at"])
    record("document_saved", document, actor=actor, visibility=document.visibility)
