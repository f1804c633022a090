"""Depositing documents and sharing them."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from core.audit.log import record
from core.files.contents import UnsafeContent, content_type_of, safe_name
from core.files.services import store_file
from portal.documents.models import DocumentVersion, ProjectDocument

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


def note_document(*, document: ProjectDocument, actor: Any, at: datetime) -> None:
    """Keep the moment a document was shared, and write the change in the log."""
    is_shared = document.visibility == ProjectDocument.Visibility.CLIENT
    if is_shared != (document.shared_at is not None):
        document.shared_at = at if is_shared else None
        document.save(update_fields=["shared_at"])
    record("document_saved", document, actor=actor, visibility=document.visibility)
