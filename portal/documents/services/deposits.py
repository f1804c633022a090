"""What clients hand in by themselves, where a project takes it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from core.audit.log import record
from core.files.uploads import Attachment, take
from core.live.publishing import tell
from portal.documents import queries
from portal.documents.folders import tidy_folder
from portal.documents.models import DocumentVersion, ProjectDocument
from portal.documents.services import telling
from portal.documents.services.versions import add_version, keep_version
from portal.projects.models import Project

LONGEST_TITLE = 200


class OnSameName(models.TextChoices):
    """What to do with a file named as a document that is there already."""

    VERSION = "version", _("Ajouter une nouvelle version du document")
    SEPARATE = "separe", _("Garder les deux, comme documents séparés")


class SameName(Exception):
    """Documents of these titles are there already, and nobody said what to do."""

    def __init__(self, titles: Sequence[str]):
        super().__init__(", ".join(titles))
        self.titles = list(titles)


@transaction.atomic
def deposit_files(
    *,
    project: Project,
    folder: str,
    files: Sequence[Attachment],
    title: str = "",
    same_name: str = "",
    actor: Any,
    at: datetime,
) -> list[ProjectDocument]:
    """Keep files as documents of a project that the client reads.

    Each document is called after its file; a single one may be given a `title`. The team is told
    once for all of them.

    :raises PermissionDenied: if the project takes no deposits from this person.
    :raises SameName: if a document is named alike and `same_name` does not say what to do.
    :raises ValidationError: if a file is not whole or not of this client.
    """
    require_deposits(project, actor)
    stored = take(files, client_id=project.client_id, actor=actor)
    alike = queries.documents_named(project, tidy_folder(folder), [file.name for file in stored])
    if alike and same_name not in OnSameName.values:
        raise SameName([row.title for row in alike.values()])
    versions = []
    for file in stored:
        document = alike.get(file.name) if same_name == OnSameName.VERSION else None
        if document is None:
            called = title if title and len(stored) == 1 else title_of(file.name)
            document = new_document(project=project, title=called, folder=folder, at=at)
        versions.append(keep_version(document=document, file=file, actor=actor, at=at))
    telling.tell_team_of_deposit(versions, actor=actor)
    return [version.document for version in versions]


@transaction.atomic
def deposit_version(
    *, document: ProjectDocument, attachment: Attachment, actor: Any, at: datetime
) -> DocumentVersion:
    """Keep a file of the client as the next version of a document that they read.

    :raises PermissionDenied: if the project takes no deposits from this person.
    :raises ValidationError: if the file is not whole or not of this client.
    """
    require_deposits(document.project, actor)
    version = add_version(document=document, attachment=attachment, actor=actor, at=at)
    telling.tell_team_of_deposit([version], actor=actor)
    return version


@transaction.atomic
def rename_document(*, document: ProjectDocument, title: str, actor: Any) -> None:
    """Call a document that the client handed in otherwise.

    :raises PermissionDenied: if it is ours, or the project takes no deposits from this person.
    """
    require_deposits(document.project, actor)
    if not document.is_from_client:
        raise PermissionDenied("this document is the team's")
    before, document.title = document.title, title
    document.save(update_fields=["title", "search_norm", "library_norm", "updated_at"])
    record("document_renamed", document, actor=actor, changes={"title": [before, title]})
    tell("documents", client_id=document.client_id, row=document.pk)


def require_deposits(project: Project, actor: Any) -> None:
    """Refuse whoever may not hand documents in to this project.

    :raises PermissionDenied: if the project takes none, or none from this person.
    """
    if not queries.open_to_deposits(actor).filter(pk=project.pk).exists():
        raise PermissionDenied("this project takes no deposits from this person")


def new_document(*, project: Project, title: str, folder: str, at: datetime) -> ProjectDocument:
    """Make an empty document of a client's, which they read."""
    return ProjectDocument.objects.create(
        project=project,
        title=title,
        folder=folder,
        visibility=ProjectDocument.Visibility.CLIENT,
        shared_at=at,
        is_from_client=True,
    )


def title_of(name: str) -> str:
    """Return what a document is called after a file's name: its stem, with spaces for `_`."""
    stem = name.rpartition(".")[0] or name
    return " ".join(stem.replace("_", " ").split())[:LONGEST_TITLE] or str(_("Document"))
