"""Acts of the team on documents of the library: who reads them, where they lie, their tags."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.audit.log import record
from core.live.publishing import tell
from portal.documents.folders import tidy_folder
from portal.documents.models import ProjectDocument, tidy_tags
from portal.documents.services.versions import note_document
from portal.projects.models import Project


class OfAnotherClient(Exception):
    """A document only moves between projects of its client."""

    message = _("Un document reste chez son client : choisissez un de ses projets.")


@transaction.atomic
def set_visibility(*, document: ProjectDocument, visibility: str, actor: Any, at: datetime) -> bool:
    """Show a document to its client, or keep it to the team; tell whether it changed.

    It holds at once: the client's page, its downloads and its links answer 404 from now on.
    """
    document = ProjectDocument.objects.select_for_update().get(pk=document.pk)
    if document.visibility == visibility:
        return False
    before, document.visibility = document.visibility, visibility
    document.save(update_fields=["visibility", "updated_at"])
    note_document(document=document, actor=actor, at=at)
    record(
        "document_access_changed",
        document,
        actor=actor,
        changes={"visibility": [before, visibility]},
    )
    return True


@transaction.atomic
def tag_document(
    *, document: ProjectDocument, add: Iterable[str], remove: Iterable[str], actor: Any
) -> bool:
    """Put tags on a document and take others off; tell whether it changed."""
    document = ProjectDocument.objects.select_for_update().get(pk=document.pk)
    kept = (set(document.tags) - set(tidy_tags(remove))) | set(tidy_tags(add))
    before, after = document.tags, tidy_tags(kept)
    if before == after:
        return False
    document.tags = after
    document.save(update_fields=["tags", "library_norm", "updated_at"])
    record("document_tagged", document, actor=actor, changes={"tags": [before, after]})
    return True


@transaction.atomic
def move_document(
    *, document: ProjectDocument, folder: str, project: Project | None, actor: Any
) -> bool:
    """Put a document in a folder, of another project of its client if one is given.

    :raises OfAnotherClient: if the project is of another client.
    """
    document = ProjectDocument.objects.select_for_update().get(pk=document.pk)
    if project is not None and project.client_id != document.client_id:
        raise OfAnotherClient
    before = [document.project_id, document.folder]
    document.folder = tidy_folder(folder)
    document.project_id = project.pk if project is not None else document.project_id
    after = [document.project_id, document.folder]
    if before == after:
        return False
    document.save(update_fields=["folder", "project", "search_norm", "library_norm", "updated_at"])
    record("document_moved", document, actor=actor, changes={"place": [before, after]})
    tell("documents", client_id=document.client_id, row=document.pk)
    return True
