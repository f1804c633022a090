"""Documents in their folders, project by project: a few of each, and how many there are."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, F, QuerySet, Window
from django.db.models.functions import RowNumber

from portal.documents.folders import SEPARATOR
from portal.documents.models import DocumentVersion
from portal.documents.queries import Choice, chosen_versions
from portal.projects.models import Project

SHOWN_IN_A_FOLDER = 10
SHOWN_IN_ALL = 200
OPEN_UP_TO = 30  # documents on the page, beyond which folders are closed at first


@dataclass
class Folder:
    """A folder: its first documents, its folders, and how many documents it holds by itself."""

    name: str
    path: str
    count: int = 0
    versions: list[DocumentVersion] = field(default_factory=list)
    folders: list["Folder"] = field(default_factory=list)

    @property
    def total(self) -> int:
        return self.count + sum(folder.count for folder in self.folders)

    @property
    def is_cut(self) -> bool:
        return self.count > len(self.versions)

    @property
    def has_news(self) -> bool:
        inside = [*self.versions, *(row for folder in self.folders for row in folder.versions)]
        return any(row.is_new for row in inside)  # type: ignore[attr-defined]


@dataclass
class Branch:
    """The documents of one project."""

    project: Project
    root: Folder


@dataclass
class Tree:
    """Every document that the person reads, in its place."""

    branches: list[Branch]
    total: int

    @property
    def is_small(self) -> bool:
        return self.total <= OPEN_UP_TO


def tree_of(user: Any, project_id: int | None, at: datetime) -> Tree:
    """Return the documents of a person, or of one project, in their folders. Two queries."""
    rows = chosen_versions(user, Choice(project_id=project_id), at)
    counts = _counts(rows)
    branches: dict[int, Branch] = {}
    folders: dict[tuple[int, str], Folder] = {}
    for project, path, count in counts:
        branch = branches.setdefault(project.pk, Branch(project, Folder("", "")))
        folders[project.pk, path] = _placed(branch.root, path)
        folders[project.pk, path].count = count
    total = sum(count for _project, _path, count in counts)
    for row in _in_order(rows, total) if counts else ():
        versions = folders[row.document.project_id, row.document.folder].versions
        if len(versions) < SHOWN_IN_A_FOLDER:
            versions.append(row)
    return Tree(list(branches.values()), total)


def _counts(rows: QuerySet[DocumentVersion]) -> list[tuple[Project, str, int]]:
    """Return how many documents each folder holds, by project and name."""
    facts = (
        rows.order_by()
        .values("document__project_id", "document__project__title", "document__folder")
        .annotate(count=Count("pk"))
        .order_by("document__project__title", "document__project_id", "document__folder")
    )
    return [
        (
            Project(pk=fact["document__project_id"], title=fact["document__project__title"]),
            fact["document__folder"],
            fact["count"],
        )
        for fact in facts
    ]


def _in_order(rows: QuerySet[DocumentVersion], total: int) -> QuerySet[DocumentVersion]:
    """Return the documents to show: all when there are few, which spares ranking them."""
    if total > SHOWN_IN_ALL:
        return _first_of_each(rows)
    return rows.order_by(
        *("document__project__title", "document__folder"),
        *("document__search_norm", "document__title", "pk"),
    )


def _first_of_each(rows: QuerySet[DocumentVersion]) -> QuerySet[DocumentVersion]:
    rank = Window(
        RowNumber(),
        partition_by=[F("document__project_id"), F("document__folder")],
        order_by=[F("document__search_norm"), F("document__title"), F("pk")],
    )
    ranked = rows.annotate(rank=rank).filter(rank__lte=SHOWN_IN_A_FOLDER)
    return ranked.order_by("document__project__title", "document__folder", "rank")[:SHOWN_IN_ALL]


def _placed(root: Folder, path: str) -> Folder:
    """Return the folder of this path under the root, made on the way if need be."""
    if not path:
        return root
    name, _separator, rest = path.partition(SEPARATOR)
    parent = f"{root.path}{SEPARATOR}{name}" if root.path else name
    found = next((folder for folder in root.folders if folder.name == name), None)
    if found is None:
        found = Folder(name, parent)
        root.folders.append(found)
    return _placed(found, rest)
