"""Documents as the client's pages show them: each by its latest version."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db.models import (
    BooleanField,
    Case,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.http import HttpRequest

from core.access.grants import grants_of
from core.access.roles import Grant
from core.accounts.models import Client
from core.once import once
from core.search import search_text
from portal.documents.kinds import TYPES_OF_KIND
from portal.documents.models import (
    DocumentReading,
    DocumentRequest,
    DocumentVersion,
    ProjectDocument,
    ShareLink,
)
from portal.projects.models import Project

NEW_FOR = timedelta(days=30)
MOST_AWAITED = 50
MOST_SOUGHT = 8  # words of a search in the library
SORTS = {
    "recent": ("-created_at", "-id"),
    "nom": ("document__search_norm", "document__title", "id"),
    "taille": ("-file__size", "id"),
}


ON_A_ROW = (  # five tables have sixty columns: reading them all would take twice the time
    *("number", "created_at", "document__title", "document__folder", "document__project__title"),
    *("file__name", "file__size", "file__content_type"),
    *("author__first_name", "author__last_name", "author__email"),
)


@dataclass(frozen=True)
class Choice:
    """What a person looks for among documents; nothing chosen is everything."""

    words: str = ""
    project_id: int | None = None
    kind: str = ""
    sort: str = ""
    folder: str | None = None

    @property
    def is_tree(self) -> bool:
        """Tell whether documents are shown in their folders, rather than in one list."""
        return not (self.words or self.kind or self.sort) and self.folder is None

    @property
    def narrows(self) -> bool:
        """Tell whether some documents may be left out."""
        return bool(self.words or self.kind or self.project_id) or self.folder is not None


def latest_versions(user: Any) -> QuerySet[DocumentVersion]:
    """Return the latest version of each document the person reads, with all that a row shows."""
    newer = DocumentVersion.objects.filter(
        document=OuterRef("document"), number__gt=OuterRef("number")
    )
    rows = DocumentVersion.objects.visible_to(user).filter(~Exists(newer))
    return rows.select_related("document__project", "file", "author").only(*ON_A_ROW)


def marked_new(rows: QuerySet[DocumentVersion], user: Any, at: datetime) -> QuerySet:
    """Say of each version whether it is news to the person: lately there, and not opened yet."""
    read = DocumentReading.objects.filter(
        document=OuterRef("document_id"), user=user, number__gte=OuterRef("number")
    )
    is_news = Q(created_at__gt=at - NEW_FOR) & ~Q(author=user) & ~Exists(read)
    return rows.annotate(
        is_new=Case(When(is_news, then=True), default=Value(False), output_field=BooleanField())
    )


def chosen_versions(user: Any, choice: Choice, at: datetime) -> QuerySet[DocumentVersion]:
    """Return the latest versions that a person looks for, in the order asked."""
    rows = marked_new(latest_versions(user), user, at)
    if choice.project_id is not None:
        rows = rows.filter(document__project_id=choice.project_id)
    if choice.folder is not None:
        rows = rows.filter(document__folder=choice.folder)
    if choice.kind:
        rows = rows.filter(file__content_type__in=TYPES_OF_KIND[choice.kind])
    for word in search_text(choice.words).split() or choice.words.split():
        rows = rows.filter(_holds(word))
    return rows.order_by(*SORTS.get(choice.sort, SORTS["nom"]))


def _holds(word: str) -> Q:
    return (
        Q(document__search_norm__contains=word)
        | Q(document__title__icontains=word)
        | Q(file__name__icontains=word)
    )


def open_to_deposits(user: Any) -> QuerySet[Project]:
    """Return the projects to which the person may hand documents in."""
    takes = Project.objects.visible_to(user).filter(
        clients_may_upload=True, client_id__in=grants_of(user).clients_with(Grant.TAKE_PART)
    )
    over = (Project.Status.DELIVERED, Project.Status.ARCHIVED)
    return takes.exclude(status__in=over).order_by("title", "id")


def takes_deposits(project: Project, user: Any) -> bool:
    """Tell whether a project that the person reads takes deposits from them. No query."""
    may = project.client_id in grants_of(user).clients_with(Grant.TAKE_PART)
    return may and project.clients_may_upload and not project.is_archived


def folders_of(project_ids: Sequence[int]) -> list[str]:
    """Return the names of the folders that hold documents clients read, in order."""
    rows = ProjectDocument.objects.filter(project__in=project_ids, visibility="client")
    names = rows.exclude(folder="").values_list("folder", flat=True)
    return list(names.distinct().order_by("folder")[:100])


def documents_named(
    project: Project, folder: str, names: Sequence[str]
) -> dict[str, ProjectDocument]:
    """Return, by file name, the documents of a folder that the file may be a version of.

    A document is alike when its latest file bears that name, or when it is called so itself.
    """
    newer = DocumentVersion.objects.filter(
        document=OuterRef("document"), number__gt=OuterRef("number")
    )
    rows = DocumentVersion.objects.filter(
        ~Exists(newer),
        document__project=project,
        document__folder=folder,
        document__visibility=ProjectDocument.Visibility.CLIENT,
    )
    wanted = Q()
    for name in names:
        wanted |= Q(file__name__iexact=name) | Q(document__title__iexact=name.rpartition(".")[0])
    found = list(rows.filter(wanted).select_related("document__project", "file").order_by("id"))
    return {
        name: row.document
        for name in names
        for row in found
        if name.casefold() == row.file.name.casefold()
        or name.rpartition(".")[0].casefold() == row.document.title.casefold()
    }


def awaited(user: Any) -> QuerySet[DocumentRequest]:
    """Return what we wait for from the clients that a person reads, the most pressing first."""
    rows = DocumentRequest.objects.visible_to(user).filter(fulfilled_at=None)
    return rows.select_related("project").order_by(F("due_date").asc(nulls_last=True), "id")


def awaited_once(request: HttpRequest) -> list[DocumentRequest]:
    """Return what we wait for from this person's clients. One query per page at most."""
    return once(request, "documents-awaited", lambda: list(awaited(request.user)[:MOST_AWAITED]))


def late_first(rows: Sequence[DocumentRequest], today: date) -> list[tuple[DocumentRequest, bool]]:
    """Return requests, each with whether its day has passed."""
    return [(row, row.is_late(today)) for row in rows]


def links_of(document: ProjectDocument, at: datetime) -> list[ShareLink]:
    """Return the links of a document that still open, the newest first."""
    rows = ShareLink.objects.filter(
        version__document=document, revoked_at=None, ends_at__gt=at
    ).exclude(is_single=True, opens__gt=0)
    return list(rows.select_related("version", "created_by").order_by("-id"))


def search_library(rows: QuerySet[ProjectDocument], text: str) -> QuerySet[ProjectDocument]:
    """Keep the documents in which every word is found, each from an index.

    In their title, folder, tags, the name and first words of their file; or in the name of their
    client or of their project.
    """
    words = search_text(text).split()[:MOST_SOUGHT]
    if not words:
        return rows.none() if text.strip() else rows
    for word in words:
        query = SearchQuery(f"{word}:*", search_type="raw", config="simple")
        rows = rows.filter(
            Q(search_vector=query)
            | Q(client__in=Client.objects.filter(search_vector=query).values("pk"))
            | Q(project__in=Project.objects.filter(search_vector=query).values("pk"))
        )
    return rows


def overdue_requests(on: date) -> QuerySet[DocumentRequest]:
    """Return what every client should have sent by now, the oldest first. For the team."""
    rows = DocumentRequest.objects.filter(fulfilled_at=None, due_date__lt=on)
    return rows.order_by("due_date", "id")
