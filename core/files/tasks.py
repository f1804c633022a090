"""Jobs on files: bytes that no row names, verdicts of the antivirus, uploads nobody took."""

from celery import shared_task
from django.utils import timezone

from core import rls
from core.files.scanning import scan_file
from core.files.sending import purge_uploads
from core.files.services import REMOVAL, SCAN, remove_bytes
from core.outbox.services import handles


@handles(REMOVAL)
def remove_owed_bytes(payload: dict) -> None:
    """Remove the bytes of one key; done twice, it has one effect."""
    remove_bytes(payload["key"])


@handles(SCAN, is_patient=True)
def scan_owed_file(payload: dict) -> None:
    """Have one file scanned; without a verdict the work is owed again."""
    scan_file(file_id=payload["file_id"], at=timezone.now())


@shared_task
def purge_old_uploads(**_) -> None:
    """Remove the uploads that nobody took within a day."""
    with rls.staff("files: uploads of every client grow old"):
        purge_uploads(at=timezone.now())
