"""Jobs of steering: the reports of the week, drafted on Friday and sent once approved."""

from celery import shared_task
from django.utils import timezone

from core import rls
from core.outbox.services import handles
from portal.steering.services import reports


@shared_task
def draft_reports(**_) -> None:
    """Draft the reports of the week."""
    with rls.staff("steering: reports are drafted from projects of every client"):
        reports.draft_reports(on=timezone.localdate(), at=timezone.now())


@handles(reports.TOPIC, is_patient=True)
def send(payload: dict) -> None:
    """Send an approved report."""
    with rls.staff("steering: a report is the team's until its copy is kept"):
        reports.send_report(report_id=payload["report_id"], at=timezone.now())
