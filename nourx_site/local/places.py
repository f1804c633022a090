"""Where local data and sockets are kept."""

import hashlib
import importlib.util
import os
import shutil
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

from nourx_site.local.console import CannotStart

ROOT = Path(__file__).resolve().parents[2]
VAR = Path(os.environ.get("NOURX_VAR") or ROOT / "var")

LONGEST_SOCKET_PATH = 100  # bytes; the system's limit is 104 on macOS, 108 on Linux


def socket_folder(folder: Path, name: str, socket: str) -> Path:
    """Return a private folder short enough to hold a socket, made if it is missing.

    It lies in the given folder, or in the user's runtime folder when that path is too long.

    :raises CannotStart: if somebody else already owns the short folder.
    """
    place = folder / name
    if len(os.fsencode(place / socket)) > LONGEST_SOCKET_PATH:
        place = _short_folder(place)
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    return place


def _short_folder(place: Path) -> Path:
    runtime = Path(os.environ.get("XDG_RUNTIME_DIR", ""))
    base = runtime if runtime.is_absolute() and os.access(runtime, os.W_OK) else Path("/tmp")
    digest = hashlib.sha256(os.fsencode(place)).hexdigest()[:12]
    short = base / f"nourx-{os.getuid()}-{digest}"
    if os.getuid() == 0 and short.exists() and short.lstat().st_uid != 0:
        shutil.rmtree(short)  # of an earlier server's user, or of somebody who guessed the name
    short.mkdir(mode=0o700, exist_ok=True)
    found = short.lstat()
    if found.st_uid != os.getuid() or not stat.S_ISDIR(found.st_mode):
        raise CannotStart(f"le dossier {short} appartient à quelqu’un d’autre ; supprimez-le.")
    return short


def remove_short_folder(place: Path, folder: Path) -> None:
    """Remove a socket's folder once it is empty, if it had to lie outside the given folder."""
    if folder not in place.parents:
        with suppress(OSError):
            place.rmdir()


def temporary_folder() -> Path:
    """Make a new folder with a short path, for what must not outlive one run."""
    short = Path(tempfile.mkdtemp(prefix="nourx-"))
    if len(os.fsencode(short)) > LONGEST_SOCKET_PATH // 2:
        short.rmdir()
        short = Path(tempfile.mkdtemp(prefix="nourx-", dir="/tmp"))
    return short


def package_folder(name: str) -> Path:
    """Return where an installed package lies, without running it."""
    found = importlib.util.find_spec(name)
    if found is None or found.origin is None:
        raise CannotStart(f"le paquet {name} n’est pas installé ; lancez « make run ».")
    return Path(found.origin).parent
