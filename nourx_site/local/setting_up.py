"""Bring the database and the static files up to date, in one process so as to load Django once.

    .venv/bin/python -m nourx_site.local.setting_up

is run by `make run` as the owner of the tables, before anything serves.
"""

import hashlib
import sys
from pathlib import Path

import django
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command


def main() -> int:
    """Migrate the database, and collect the static files when one of them has changed."""
    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    collect_static(Path(settings.STATIC_ROOT))
    return 0


def collect_static(root: Path) -> None:
    """Collect the static files into a folder unless it holds them already."""
    note = root.with_name("static.sha256")
    wanted = static_fingerprint()
    if root.is_dir() and note.is_file() and note.read_text() == wanted:
        return
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    note.write_text(wanted)


def static_fingerprint() -> str:
    """Return what changes when a static file of an app or of a package changes."""
    digest = hashlib.sha256(repr(settings.STORAGES["staticfiles"]).encode())
    for finder in get_finders():
        for name, storage in sorted(finder.list([]), key=lambda found: found[0]):
            found = Path(storage.path(name)).stat()
            digest.update(f"{name}\0{found.st_size}\0{found.st_mtime_ns}\0".encode())
    return digest.hexdigest()


if __name__ == "__main__":
    sys.exit(main())
