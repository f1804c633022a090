"""Files that people join to what they write, from the form to their rows.

# in a form
files = AttachmentsField()
# in a service, in its transaction
for file in take(prepared, client_id=ticket.client_id, actor=actor):
    TicketAttachment.objects.create(ticket=ticket, file=file)
"""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from core.access.grants import root_model
from core.files.contents import UnsafeContent, content_type_of, safe_name
from core.files.limits import check_room
from core.files.models import StoredFile, Upload
from core.files.sending import take_upload
from core.files.services import store_file


@dataclass(frozen=True)
class PlainFile:
    """A file sent with the form, already checked."""

    upload: UploadedFile
    content_type: str


@dataclass(frozen=True)
class SentFile:
    """A file sent beforehand, by the name its upload was given."""

    token: uuid.UUID


Attachment = PlainFile | SentFile


@transaction.atomic
def take(prepared: Iterable[Attachment] | None, *, client_id: int, actor: Any) -> list[StoredFile]:
    """Keep what a form brought as files of a client, in the order given.

    Call it in the transaction of the act. A file sent beforehand is taken once, by who sent it.

    :raises ValidationError: with a French text, if a file is not whole or not of this client.
    """
    attachments = list(prepared or ())
    kept = [_taken(attachment, client_id, actor) for attachment in attachments]
    if any(isinstance(attachment, PlainFile) for attachment in attachments):
        # Counted again one at a time, now that the bytes are written: the lock is short.
        root_model().objects.select_for_update(no_key=True).get(pk=client_id)
        check_room(client_id, 0)
    return kept


def check_content(file: UploadedFile) -> str:
    """Return the type of a file sent with a form, read from its bytes.

    :raises ValidationError: if its bytes are not what its name says, or made to harm.
    """
    file.seek(0)
    try:
        return content_type_of(file.read(), file.name or "")
    except UnsafeContent as refusal:
        raise ValidationError(str(refusal), code="content") from refusal
    finally:
        file.seek(0)


def sent_uploads(tokens: Sequence[uuid.UUID]) -> list[Upload]:
    """Return the uploads of these names that are here whole and that nobody took yet."""
    if not tokens:
        return []
    ready = Upload.objects.filter(uuid__in=tokens, state=Upload.State.READY)
    return list(ready.order_by("created_at", "pk"))


def _taken(attachment: Attachment, client_id: int, actor: Any) -> StoredFile:
    if isinstance(attachment, SentFile):
        return take_upload(attachment.token, client_id=client_id, actor=actor)
    check_room(client_id, attachment.upload.size or 0)
    attachment.upload.seek(0)
    return store_file(
        content=attachment.upload.read(),
        name=safe_name(attachment.upload.name or "document"),
        content_type=attachment.content_type,
        client_id=client_id,
        actor=actor,
        from_outside=True,
    )
