"""Tell whether the database and static files are as the code wants them, without loading Django.

Loading Django only to find nothing to do would take a third of every start.
"""

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path

import psycopg

from nourx_site.local.places import ROOT, VAR

NOTE = VAR / "prepared.sha256"
PACKAGES = ["core", "portal", "billing", "home", "nourx_site"]
WATCHED = ["**/migrations/*.py", "**/static/**/*", "settings/*.py", "local/setting_up.py"]


def is_prepared(variables: Mapping[str, str]) -> bool:
    """Tell whether nothing has changed since the last preparation."""
    return NOTE.is_file() and NOTE.read_text() == fingerprint(variables)


def note_prepared(variables: Mapping[str, str]) -> None:
    """Remember how everything was when it was last prepared."""
    NOTE.write_text(fingerprint(variables))


def fingerprint(variables: Mapping[str, str]) -> str:
    """Return what changes with the migrations, the static files, the packages or the database."""
    digest = hashlib.sha256(repr(_applied_migrations(variables)).encode())
    digest.update(f"{variables['DATABASE_URL']} {(VAR / 'static').is_dir()}".encode())
    for path in sorted(_watched_files()):
        found = path.stat()
        digest.update(f"{path}\0{found.st_size}\0{found.st_mtime_ns}\0".encode())
    return digest.hexdigest()


def _watched_files() -> Iterator[Path]:
    yield ROOT / "requirements.txt"
    for package in PACKAGES:
        for pattern in WATCHED:
            yield from (path for path in (ROOT / package).glob(pattern) if path.is_file())


def _applied_migrations(variables: Mapping[str, str]) -> object:
    """Return how many migrations the database has seen, and the last one; nothing if it is new."""
    query = "SELECT count(*), max(id) FROM django_migrations"
    try:
        with psycopg.connect(variables["APP_DATABASE_URL"]) as connection:
            return connection.execute(query).fetchone()
    except (psycopg.errors.UndefinedTable, psycopg.errors.InsufficientPrivilege):
        return None
