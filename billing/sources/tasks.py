"""The job of the night, and the batches that the team asks for."""

from celery import shared_task
from django.utils import timezone

from billing.sources.services import batches, recurring
from core import rls
from core.outbox.services import handles


@shared_task
def issue_recurring(**_) -> None:
    """Bill the periods of contracts that are due today, and those that were missed."""
    with rls.staff("sources: bills the contracts of every client"):
        recurring.bill_due(on=timezone.localdate(), at=timezone.now())


@handles(batches.TOPIC, is_patient=True)
def take_batch(payload: dict) -> None:
    """Issue or send the next invoices of a batch."""
    with rls.staff("sources: a batch holds invoices of many clients"):
        batches.take_some(batch_id=payload["batch_id"], on=timezone.localdate(), at=timezone.now())
