"""Jobs of sales."""

from celery import shared_task
from django.utils import timezone

from core import rls
from portal.crm import services


@shared_task
def rescore() -> None:
    """Score every open opportunity again: exchanges age, decisions come near."""
    with rls.staff("crm: the score of every open sale"):
        services.rescore_open(on=timezone.localdate())
