"""Does what the back-office owes: long exports, and the tidying of desks."""

from celery import shared_task
from django.utils import timezone

from core import rls
from core.backoffice.list_exports import write_list_export
from core.desk.services import remove_old_list_exports
from core.desk.services.exports import LIST_EXPORT
from core.desk.undo import forget_old_acts
from core.outbox.services import handles


@handles(LIST_EXPORT, is_patient=True)
def write_export(payload: dict) -> None:
    """Write the file of a long list."""
    write_list_export(export_id=payload["export_id"])


@shared_task
def tidy_desks() -> None:
    """Remove the files of exports whose days are over, and what can no longer be undone."""
    with rls.staff("desks: files whose days are over"):
        remove_old_list_exports(at=timezone.now())
        forget_old_acts(at=timezone.now())
