"""Jobs of the books: posting by itself, and making the files of exports."""

import logging

from celery import shared_task
from django.utils import timezone

from billing.accounting.services import post_entries, write_export
from billing.accounting.services.exports import TOPIC
from core.accounts.models import Company
from core.outbox.services import handles

logger = logging.getLogger(__name__)


@shared_task
def post_new_entries(**_) -> None:
    """Post what happened since the last time, for every company."""
    for company in Company.objects.order_by("pk"):
        posted = post_entries(company=company, at=timezone.now())
        for problem in posted.problems:
            logger.warning("Not posted: %s %s: %s", problem.kind, problem.source_id, problem.text)


@handles(TOPIC)
def make_file(payload: dict) -> None:
    """Make the file of an export."""
    write_export(batch_id=payload["batch_id"])
