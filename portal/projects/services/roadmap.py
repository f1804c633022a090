"""The whole roadmap of a project saved at once: its milestones, their dates and their order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, ProtectedError, Q
from django.utils.translation import gettext as _

from core.audit.log import record
from portal.projects import telling
from portal.projects.models import Deliverable, Milestone, MilestoneComment, Project, Task
from portal.projects.services.moves import locked_project
from portal.projects.services.projects import note_milestone

FIELDS = ("title", "release", "status", "start_date", "due_date")
Facts = dict[str, str]


@dataclass(frozen=True)
class Row:
    """A milestone as somebody wants it. `seen` is what it said when they read it.

    `key` names the row on the page. A row without `pk` is new.
    """

    key: str
    values: Mapping[str, Any]
    pk: int | None = None
    seen: Facts = field(default_factory=dict)
    is_removed: bool = False

    @property
    def is_changed(self) -> bool:
        return self.is_removed or facts(self.values) != self.seen


class RoadmapChanged(Exception):
    """Somebody else changed what would be overwritten; nothing was saved.

    `rows` maps a milestone's id to {field: what it says now}; `is_reordered` tells whether
    milestones came, went or changed places.
    """

    def __init__(self, rows: dict[int, Facts], *, is_reordered: bool):
        super().__init__(rows, is_reordered)
        self.rows, self.is_reordered = rows, is_reordered


class CannotRemove(Exception):
    """Something hangs on a milestone that would be removed; `message` says so."""

    def __init__(self, message: str):
        super().__init__(message)
        self.message = message


def facts(values: Mapping[str, Any]) -> Facts:
    """Return what a page remembers of a milestone, as texts."""
    return {name: _text(values.get(name)) for name in FIELDS}


def facts_of(milestone: Milestone) -> Facts:
    """Return what a page remembers of a milestone that it read."""
    return facts({name: getattr(milestone, name) for name in FIELDS})


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else str(value)


@transaction.atomic
def save_roadmap(
    *, project: Project, rows: Sequence[Row], seen_order: Sequence[int], actor: Any, at: datetime
) -> int:
    """Save the milestones of a project in the order given; return how many changed.

    What somebody else changed meanwhile stays, where this person changed nothing.

    :raises RoadmapChanged: if both changed the same milestone, or the list itself.
    :raises CannotRemove: if words, tasks, deliverables or invoices hang on a removed milestone.
    """
    project = locked_project(project)
    held = Milestone.objects.select_for_update(of=("self",)).filter(project=project)
    current = {row.pk: row for row in held.order_by("sort_order", "id")}
    _refuse_conflicts(rows, current, list(seen_order))
    changed = _remove([row for row in rows if row.is_removed], actor)
    place = 0
    for row in rows:
        if row.is_removed:
            continue
        milestone = current.get(row.pk) if row.pk else Milestone(project=project)
        changed += _write(milestone, row, place, actor, at)
        place += 1
    if changed:
        Project.objects.filter(pk=project.pk).update(version=F("version") + 1, updated_at=at)
        record("roadmap_saved", project, actor=actor, milestones=changed)
        telling.refresh_pages(project)
    return changed


def _refuse_conflicts(
    rows: Sequence[Row], current: Mapping[int, Milestone], seen_order: list[int]
) -> None:
    clashing: dict[int, Facts] = {}
    for row in rows:
        if row.pk is None or row.pk not in current or not row.is_changed:
            continue
        now = facts_of(current[row.pk])
        differing = {name: text for name, text in now.items() if text != row.seen.get(name, "")}
        if differing:
            clashing[row.pk] = differing
    is_reordered = list(current) != seen_order
    unknown = {row.pk for row in rows if row.pk is not None} - set(current)
    if clashing or is_reordered or unknown:
        raise RoadmapChanged(clashing, is_reordered=is_reordered or bool(unknown))


def _remove(rows: Sequence[Row], actor: Any) -> int:
    ids = [row.pk for row in rows if row.pk is not None]
    if not ids:
        return 0
    hanging = Q()
    for model in (MilestoneComment, Deliverable, Task):
        hanging |= Q(Exists(model.objects.filter(milestone=OuterRef("pk"))))  # type: ignore[attr-defined]
    kept = Milestone.objects.filter(hanging, pk__in=ids).values_list("title", flat=True)
    text = _("« %(title)s » ne peut pas être retiré : des messages, des tâches, des livrables "
             "ou des factures y tiennent.")  # fmt: skip
    if titles := list(kept[:1]):
        raise CannotRemove(text % {"title": titles[0]})
    for milestone in Milestone.objects.filter(pk__in=ids).select_related("project"):
        try:
            with transaction.atomic():
                record("milestones_removed", milestone.project, actor=actor, title=milestone.title)
                milestone.delete()
        except ProtectedError as error:
            raise CannotRemove(text % {"title": milestone.title}) from error
    return len(ids)


def _write(milestone: Milestone | None, row: Row, place: int, actor: Any, at: datetime) -> int:
    """Write a milestone where it changed; return whether it did."""
    if milestone is None:
        return 0
    before = facts_of(milestone)
    is_new = milestone.pk is None
    moved = milestone.sort_order != place
    milestone.sort_order = place
    if row.is_changed or is_new:
        for name in FIELDS:
            setattr(milestone, name, row.values.get(name))
    after = facts_of(milestone)
    if not is_new and after == before:
        if moved:
            Milestone.objects.filter(pk=milestone.pk).update(sort_order=place)
        return int(moved)
    milestone.save()
    changes = {name: [before[name], after[name]] for name in FIELDS if before[name] != after[name]}
    note_milestone(milestone=milestone, actor=actor, at=at, changes={} if is_new else changes)
    return 1
