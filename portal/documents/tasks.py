"""Jobs of documents: words of files, archives, reminders of what we wait for."""

from celery import shared_task
from django.utils import timezone

from core import rls
from core.outbox.services import handles
from portal.documents.models import DocumentVersion
from portal.documents.services import packs, requests, versions
from portal.documents.words import words_of


@handles(versions.WORDS, is_patient=True)
def read_words(payload: dict) -> None:
    """Read the words of one version; done twice, it has one effect."""
    rows = DocumentVersion.objects.select_related("file")
    version = rows.filter(pk=payload["version_id"]).first()
    if version is not None:
        versions.keep_words(version_id=version.pk, words=words_of(version.file))


@handles(packs.PACK, is_patient=True)
def make_owed_pack(payload: dict) -> None:
    """Make one archive, unless it is made."""
    with rls.staff("documents: an archive holds documents of several clients"):
        packs.make_pack(pack_id=payload["pack_id"], at=timezone.now())


@shared_task
def remove_old_packs(**_) -> None:
    """Remove the archives whose day is over."""
    with rls.staff("documents: archives of everybody grow old"):
        packs.remove_old_packs(at=timezone.now())


@shared_task
def remind_of_requests(**_) -> None:
    """Remind clients of the documents due in two days, and of those due yesterday."""
    with rls.staff("documents: what every client owes us"):
        requests.remind_of_due(at=timezone.now())
