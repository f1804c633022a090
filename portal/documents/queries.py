"""Documents as the client's pages show them: each with its latest version."""

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db.models import Prefetch, QuerySet

from portal.documents.models import DocumentVersion, ProjectDocument


@dataclass(frozen=True)
class ProjectFolder:
    """The documents of one project."""

    title: str
    documents: list[ProjectDocument]


def with_versions(rows: QuerySet[ProjectDocument]) -> QuerySet[ProjectDocument]:
    """Load the versions of documents, the latest first, and their files. Two more queries."""
    versions = DocumentVersion.objects.select_related("file", "author").order_by("-number")
    return rows.select_related("project").prefetch_related(Prefetch("versions", queryset=versions))


def folders_of(user: Any) -> list[ProjectFolder]:
    """Return the person's documents, project by project."""
    rows = with_versions(ProjectDocument.objects.visible_to(user))
    rows = rows.order_by("project__title", "project_id", "folder", "title")[:500]
    return [
        ProjectFolder(title=title, documents=list(documents))
        for (title, _pk), documents in groupby(
            rows, key=lambda row: (row.project.title, row.project_id)
        )
    ]


def latest_documents(user: Any, most: int = 3) -> QuerySet[ProjectDocument]:
    """Return the documents shared last with the person."""
    rows = with_versions(ProjectDocument.objects.visible_to(user))
    return rows.order_by("-shared_at", "-id")[:most]
