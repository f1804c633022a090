"""Jobs of the knowledge base: articles that appear and disappear on their day."""

from celery import shared_task
from django.core.management import call_command

from core import rls


@shared_task
def publish_scheduled(**_) -> None:
    """Publish the articles whose hour has come, and take down those whose hour is over."""
    with rls.staff("knowledge: what is published is written in the log"):
        call_command("publish_scheduled")
