"""Keeping private files, and reading them back."""

import hashlib
import uuid
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import storages

from core import rls
from core.files.models import StoredFile
from core.outbox.services import owe

REMOVAL = "files.remove_bytes"


def store_file(
    *, content: bytes, name: str, content_type: str, client_id: int, actor: Any = None
) -> StoredFile:
    """Keep bytes privately for a client and return their row. The key in the store is random.

    The bytes are written first: a row always has its bytes, and bytes left by a rollback are
    found by their age.
    """
    token = uuid.uuid4()
    key = storages["private"].save(f"docs/{token}", ContentFile(content))
    return StoredFile.objects.create(
        key=key,
        uuid=token,
        client_id=client_id,
        name=name,
        content_type=content_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        created_by=actor if actor is not None and actor.is_authenticated else None,
    )


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
