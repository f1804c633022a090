"""Documents as the client's pages show them: each with its latest version."""

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from core.access.grants import grants_of
from core.access.roles import Grant
from portal.documents.models import DocumentVersion, ProjectDocument
from portal.projects.models import Project

MOST_LISTED = 500


@dataclass(frozen=True)
class ProjectFolder:
    """The documents of one project."""

    title: str
    documents: list[ProjectDocument]


def with_versions(rows: QuerySet[ProjectDocument]) -> QuerySet[ProjectDocument]:
    """Load the versions of documents, the latest first, and their files. Two more queries."""
    versions = DocumentVersion.objects.select_related("file", "author").order_by("-number")
    return rows.select_related("project").prefetch_related(Prefetch("versions", queryset=versions))


def folders_of(user: Any, project_id: int | None = None) -> list[ProjectFolder]:
    """Return the person's documents, project by project; of one project when it is given."""
    rows = with_versions(ProjectDocument.objects.visible_to(user))
    if project_id is not None:
        rows = rows.filter(project_id=project_id)
    rows = rows.order_by("project__title", "project_id", "folder", "title", "id")[:MOST_LISTED]
    return [
        ProjectFolder(title=title, documents=list(documents))
        for (title, _pk), documents in groupby(
            rows, key=lambda row: (row.project.title, row.project_id)
        )
    ]


def latest_versions(user: Any, most: int = 3) -> QuerySet[DocumentVersion]:
    """Return the latest version of the documents that changed last. One query."""
    newer = DocumentVersion.objects.filter(
        document=OuterRef("document"), number__gt=OuterRef("number")
    )
    rows = DocumentVersion.objects.visible_to(user).filter(~Exists(newer))
    return rows.select_related("document", "file").order_by("-created_at", "-id")[:most]


def open_to_deposits(user: Any) -> QuerySet[Project]:
    """Return the projects to which the person may hand documents in."""
    takes = Project.objects.visible_to(user).filter(
        clients_may_upload=True, client_id__in=grants_of(user).clients_with(Grant.TAKE_PART)
    )
    over = (Project.Status.DELIVERED, Project.Status.ARCHIVED)
    return takes.exclude(status__in=over).order_by("title", "id")
