"""Keeping private files, and reading them back."""

import hashlib
import uuid
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages

from core import rls
from core.files.models import StoredFile
from core.outbox.services import owe

REMOVAL = "files.remove_bytes"
SCAN = "files.scan"


def new_key() -> str:
    """Return a key for bytes to keep. It is random and says nothing."""
    return f"docs/{uuid.uuid4()}"


def store_file(
    *,
    content: bytes,
    name: str,
    content_type: str,
    client_id: int,
    actor: Any = None,
    from_outside: bool = False,
) -> StoredFile:
    """Keep bytes privately for a client and return their row. The key in the store is random.

    The bytes are written first: a row always has its bytes, and bytes left by a rollback are
    found by their age. A file that somebody sent is `from_outside`: see `write_row`.
    """
    return write_row(
        key=storages["private"].save(new_key(), ContentFile(content)),
        content=content,
        name=name,
        content_type=content_type,
        client_id=client_id,
        actor=actor,
        from_outside=from_outside,
    )


def write_row(
    *,
    key: str,
    content: bytes,
    name: str,
    content_type: str,
    client_id: int,
    actor: Any,
    from_outside: bool,
) -> StoredFile:
    """Write the row of bytes that are kept under a key already.

    What comes from outside waits for the antivirus, if there is one.
    """
    is_to_scan = from_outside and bool(settings.CLAMAV_HOST)
    file = StoredFile.objects.create(
        key=key,
        uuid=uuid.UUID(key.rpartition("/")[2]),
        client_id=client_id,
        name=name,
        content_type=content_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        created_by=actor if actor is not None and actor.is_authenticated else None,
        scan=StoredFile.Scan.WAITING if is_to_scan else StoredFile.Scan.UNSCANNED,
    )
    if is_to_scan:
        owe_scan(file)
    return file


def owe_scan(file: StoredFile, again: str = "") -> None:
    """Owe the scan of a file by the antivirus; `again` tells a later scan from the first."""
    key = ":".join([SCAN, str(file.pk), *([again] if again else [])])
    owe(SCAN, key=key, payload={"file_id": file.pk}, client_id=file.client_id)


def read_file(file_id: int) -> tuple[StoredFile, bytes]:
    """Return the row and the bytes of a stored file.

    :raises StoredFile.DoesNotExist: if there is no such file in the scope.
    """
    file = StoredFile.objects.get(pk=file_id)
    with storages["private"].open(file.key) as stream:
        return file, stream.read()


def owe_removal(key: str) -> None:
    """Owe the removal of bytes whose row is deleted in this transaction: a rollback keeps both."""
    owe(REMOVAL, key=f"{REMOVAL}:{key}", payload={"key": key})


def remove_bytes(key: str) -> None:
    """Remove bytes from the store, unless a row names them again. Bytes already gone are fine."""
    with rls.staff("files: is this key still in use"):
        if StoredFile.objects.filter(key=key).exists():
            return
    storages["private"].delete(key)
