"""What the antivirus says of each file that somebody sent, and what follows."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.files.storage import storages
from django.db import transaction

from core.audit.log import record
from core.files import antivirus
from core.files.models import StoredFile
from core.files.services import owe_scan
from core.files.signals import file_infected
from core.live.publishing import tell

Scan = StoredFile.Scan
SHOW_FILES = ("documents", "tasks", "tickets")  # the pages that say "being scanned"


class ScannerOff(Exception):
    """There is no antivirus."""


def scan_file(*, file_id: int, at: datetime) -> None:
    """Have a waiting file scanned and write the verdict down. Done twice, it has one effect.

    An agency that has switched its scanner off meanwhile keeps the file as not scanned.

    :raises antivirus.ScanFailed: if there is no verdict: the file goes on waiting.
    """
    file = StoredFile.objects.filter(pk=file_id, scan=Scan.WAITING).first()
    if file is None:
        return
    if not settings.CLAMAV_HOST:
        _write(file, Scan.UNSCANNED, "", at)
        return
    with storages["private"].open(file.key) as stream:
        threat = antivirus.threat_in(stream)
    _write(file, Scan.INFECTED if threat else Scan.CLEAN, threat, at)


@transaction.atomic
def scan_again(*, file: StoredFile, actor: Any, at: datetime) -> None:
    """Have a file scanned once more; nobody opens it before the verdict.

    :raises ScannerOff: if there is no scanner.
    """
    if not settings.CLAMAV_HOST:
        raise ScannerOff
    StoredFile.objects.filter(pk=file.pk).update(scan=Scan.WAITING, threat="", scanned_at=None)
    owe_scan(file, again=at.isoformat())
    record("file_scanned_again", file, actor=actor)


@transaction.atomic
def _write(file: StoredFile, scan: str, threat: str, at: datetime) -> None:
    waiting = StoredFile.objects.filter(pk=file.pk, scan=Scan.WAITING)
    if not waiting.update(scan=scan, threat=threat[:200], scanned_at=at):
        return
    file.refresh_from_db()
    if scan == Scan.INFECTED:
        file_infected.send(StoredFile, file=file, at=at)
    for topic in SHOW_FILES:
        tell(topic, client_id=file.client_id)
