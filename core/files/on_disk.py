"""Uploads when private files live on disk: pieces sent to our own address, one after another.

The length of the file on disk is the truth: a piece whose answer was lost is not sent twice.
"""

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from django.core.files.base import ContentFile
from django.core.files.storage import storages

from core.files.models import Upload

MODE = "pieces"


class WrongOffset(Exception):
    """A piece does not begin where the last one ended. `offset` says where that is, in bytes."""

    def __init__(self, offset: int):
        super().__init__(offset)
        self.offset = offset


def form_for(upload: Upload) -> dict[str, Any]:
    """Return what a browser needs beside our own addresses: nothing."""
    return {}


def arrived(upload: Upload) -> int:
    """Return how many bytes of an upload are here."""
    path = _path(upload.key)
    return path.stat().st_size if path.exists() else 0


def add_piece(upload: Upload, offset: int, piece: bytes) -> int:
    """Write a piece at the end of an upload and return how many bytes are here now.

    :raises WrongOffset: if it begins elsewhere than at the end.
    :raises OSError: if the disk is full.
    """
    with _held(_path(upload.key)) as stream:
        end = stream.seek(0, os.SEEK_END)
        if offset != end:
            raise WrongOffset(end)
        if stream.write(piece) != len(piece):
            stream.truncate(end)  # a full disk leaves no half of a piece
            raise OSError(errno.ENOSPC, "no room left for a piece")
        return end + len(piece)


def read(upload: Upload) -> tuple[bytes, str]:
    """Return the bytes of an upload; there is no mark, `keep` writes those very bytes."""
    path = _path(upload.key)
    return (path.read_bytes() if path.exists() else b""), ""


def keep(upload: Upload, content: bytes, mark: str, key: str) -> None:
    """Keep the bytes that were checked under a key."""
    storages["private"].save(key, ContentFile(content))


def discard(key: str) -> None:
    """Remove bytes; those already gone are fine."""
    storages["private"].delete(key)


def _path(key: str) -> Path:
    return Path(storages["private"].path(key))


@contextmanager
def _held(path: Path) -> Iterator[IO[bytes]]:
    """Open a file that nobody else writes meanwhile, in any process."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with open(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b", buffering=0) as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield stream
