"""What the machine must offer before anything starts: a free port, some disk, one runner."""

import errno
import fcntl
import os
import shutil
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from nourx_site.local.console import CannotStart, say
from nourx_site.local.processes import living

LEAST_FREE_DISK = 500 * 1024 * 1024  # bytes
SECONDS_TO_CLEAN_UP = 30  # what a killed run may need before its last process has ended


def read_port(text: str) -> int:
    """Return a port number from what was typed.

    :raises CannotStart: if it is not one.
    """
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise CannotStart(f"PORT={text} n’est pas un numéro de port (1 à 65535).")
    return int(text)


def require_free_port(port: int) -> None:
    """Refuse a port that something else uses.

    :raises CannotStart: with a port to try instead.
    """
    problem = _port_problem(port)
    if problem == errno.EACCES:
        raise CannotStart(
            f"le port {port} est réservé au système ; essayez « make run PORT=8000 »."
        )
    if problem:
        other = free_port_from(port + 1)
        raise CannotStart(f"le port {port} est déjà pris ; essayez « make run PORT={other} ».")


def free_port_from(port: int) -> int:
    """Return the first free port from a number up."""
    while _port_problem(port):
        port += 1
    return port


def _port_problem(port: int) -> int:
    """Return the system's reason why a port cannot be listened to, 0 if it can."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
            probe.listen(1)
        except OSError as refused:
            return refused.errno or errno.EADDRINUSE
    return 0


def require_disk(folder: Path) -> None:
    """Refuse a disk that is nearly full.

    :raises CannotStart: with what is left.
    """
    free = shutil.disk_usage(folder).free
    if free < LEAST_FREE_DISK:
        raise CannotStart(
            f"le disque est presque plein : {free // 1024**2} Mo libres, il en faut "
            f"{LEAST_FREE_DISK // 1024**2}. Libérez de la place, puis relancez."
        )


def require_writable(folder: Path) -> None:
    """Refuse a data folder that belongs to somebody else.

    :raises CannotStart: with the folder's path.
    """
    if not os.access(folder, os.W_OK):
        raise CannotStart(
            f"{folder} appartient à un autre utilisateur : relancez sous son nom, ou "
            "supprimez ce dossier pour repartir de zéro."
        )


@contextmanager
def only_runner(lock_path: Path, address: str) -> Iterator[int]:
    """Be the only runner of this clone; hand out the lock, to be kept until all has ended.

    :raises CannotStart: if another one is at work; the line says where it answers.
    """
    with lock_path.open("a+") as lock:
        if not _take(lock):
            _wait_for_a_killed_run(lock)
        lock.seek(0)
        lock.truncate()
        lock.write(f"{os.getpid()} {address}")
        lock.flush()
        yield lock.fileno()


def _wait_for_a_killed_run(lock: IO[str]) -> None:
    lock.seek(0)
    pid, _, address = lock.read().partition(" ")
    if not pid.isdigit() or living(int(pid)):
        raise CannotStart(
            f"NOURX tourne déjà ici : {address or 'démarrage en cours'} "
            "(Ctrl-C dans son terminal pour l’arrêter)."
        )
    say("La dernière exécution a été tuée ; ses processus finissent de s’arrêter…")
    deadline = time.monotonic() + SECONDS_TO_CLEAN_UP
    while not _take(lock):
        if time.monotonic() > deadline:
            raise CannotStart("des processus de la dernière exécution ne s’arrêtent pas.")
        time.sleep(0.1)


def _take(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
