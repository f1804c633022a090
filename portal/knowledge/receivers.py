"""What follows from an article being saved or published, whoever does it: a page, a job."""

from typing import Any

from django.db.models.signals import pre_save
from django.dispatch import receiver
from django.utils import timezone
from wagtail.signals import published

from core import rls
from portal.knowledge import services
from portal.knowledge.models import Article


@receiver(pre_save, sender=Article)
def keep_former_address(sender: type, instance: Article, raw: bool = False, **_: Any) -> None:
    """Keep the address that a published article leaves, for the links that lead to it."""
    if raw or instance.pk is None:
        return
    saved = (
        Article.objects.filter(pk=instance.pk).only("slug", "live", "first_published_at").first()
    )
    if saved is None or saved.slug == instance.slug:
        return
    if saved.live or saved.first_published_at is not None:
        services.keep_address(article=instance, former=saved.slug, at=timezone.now())


@receiver(published, sender=Article)
def note_published(sender: type, instance: Article, **_: Any) -> None:
    """Take a published article as checked, and for the answer to what readers did not find."""
    with rls.staff("knowledge: what readers miss is the team's, whoever publishes"):
        services.note_published(article=instance, at=timezone.now())
