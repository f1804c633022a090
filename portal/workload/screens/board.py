"""Tasks as cards in columns, of a status or of a person, with how many each may hold."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Count, F, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _

from core.backoffice import menu
from core.backoffice.boards import MOST_CARDS, Board, Card, Lane
from core.ui.formats import date_short
from portal.projects.admin_screens.parts import is_late
from portal.projects.admin_screens.task_filters import TaskFilterSet, team_members
from portal.projects.models import Task
from portal.projects.services import team_tasks
from portal.projects.services.tasks import StaleTask
from portal.workload.models import ColumnLimit, TaskBlock
from portal.workload.screens.parts import key_of

SHOWN_FILTERS = ("qui", "assignee", "priority", "echeance", "project", "client")
BY_PERSON, NOBODY = "personnes", "personne"
ORDER = (
    F("team_rank").asc(nulls_last=True),
    F("due_date").asc(nulls_last=True),
    F("priority").desc(),
    F("id").asc(),
)


class TaskBoard(Board):
    """Open tasks, and those done lately, by status or by person."""

    model = Task
    page_title = _("Tableau des tâches")
    header_icon = "table"
    template_name = "portal/workload/board.html"
    refusals = (StaleTask,)
    empty = _("Aucune tâche ne répond à ces filtres.")

    @property
    def is_by_person(self) -> bool:
        return self.request.GET.get("colonnes") == BY_PERSON

    def rows(self) -> QuerySet[Task]:
        """Return the filtered tasks; columns of people hold open ones only."""
        found = self.filters.qs.select_related("project__client", "assignee")
        found = found.defer("project__client__search_vector", "search_norm", "body")
        return found.exclude(status=Task.Status.DONE) if self.is_by_person else found

    @property
    def filters(self) -> TaskFilterSet:
        if not hasattr(self, "_filters"):
            rows = Task.objects.all()
            self._filters = TaskFilterSet(self.request.GET, queryset=rows, request=self.request)
        return self._filters

    def lanes(self) -> Sequence[Lane]:
        return self._lanes_of_people() if self.is_by_person else self._lanes_of_status()

    def _lanes_of_status(self) -> list[Lane]:
        totals = self._totals("status")
        limits = limits_of(key_of(self.request.GET.get("project", "")))
        return [
            self._lane(
                status.value,
                status.label,
                {"status": status.value},
                totals.get(status.value, 0),
                limit=limits.get(status.value),
            )
            for status in Task.Status
        ]

    def _lanes_of_people(self) -> list[Lane]:
        totals = self._totals("assignee")
        people = [(str(one.pk), str(one), {"assignee": one}) for one in team_members(self.request)]
        columns = [(NOBODY, _text("À personne"), {"assignee": None}), *people]
        return [
            self._lane(key, label, fields, totals.get(key_of(key), 0))
            for key, label, fields in columns
        ]

    def _totals(self, field: str) -> dict[Any, int]:
        rows = self.filters.qs
        if self.is_by_person:
            rows = rows.exclude(status=Task.Status.DONE)
        counted = rows.order_by().values(field).annotate(many=Count("pk"))
        return dict(counted.values_list(field, "many"))

    def _lane(
        self, key: str, label: Any, fields: dict[str, Any], total: int, limit: int | None = None
    ) -> Lane:
        rows = list(self.rows().filter(**fields).order_by(*ORDER)[:MOST_CARDS]) if total else []
        held = held_up(rows)
        cards = [self._card(task, held) for task in rows]
        url = self._list_url(key)
        return Lane(key, label, cards=cards, total=total, limit=limit, url=url)

    def _list_url(self, key: str) -> str:
        query = self.request.GET.copy()
        query.pop("colonnes", None)
        if not self.is_by_person:
            query["status"] = key
        elif key == NOBODY:
            query["qui"] = NOBODY
        else:
            query["assignee"] = key
        return f"{reverse('wagtailsnippets_projects_task:list')}?{query.urlencode()}"

    def _card(self, task: Task, held: dict[int, str]) -> Card:
        late = is_late(task)
        due = (
            _text("Échéance %(day)s") % {"day": date_short(task.due_date)} if task.due_date else ""
        )
        who = task.assignee or _text("À personne")
        second = task.get_status_display() if self.is_by_person else who
        waits = _text("Attend « %(task)s »") % {"task": held[task.pk]} if task.pk in held else ""
        high = task.priority == Task.Priority.HIGH
        return Card(
            pk=task.pk,
            title=task.title,
            url=reverse("wagtailsnippets_projects_task:inspect", args=[task.pk]),
            lines=[f"{task.project} · {task.project.client}", second, due, waits],
            tone="bad" if late else ("warn" if high else ""),
            mark=_text("En retard") if late else (_text("Priorité haute") if high else ""),
            seen=task.version,
        )

    def move(self, record: Task, *, to: str, seen: str, after: int | None, actor: Any) -> None:
        values = self._moved_values(to)
        if all(getattr(record, name) == value for name, value in values.items()):
            column = self.rows().filter(**values).order_by(*ORDER)
            shown = list(column.values_list("pk", flat=True)[:MOST_CARDS])
            team_tasks.rank_task(task=record, shown=shown, after=after, actor=actor)
            return
        team_tasks.change_task(
            task=record, values=values, seen=key_of(seen), actor=actor, at=timezone.now()
        )

    def _moved_values(self, to: str) -> dict[str, Any]:
        if not self.is_by_person:
            if to not in Task.Status.values:
                raise ValidationError(_("Cette colonne n’existe pas."))
            return {"status": to}
        if to == NOBODY:
            return {"assignee": None}
        person = next((one for one in team_members(self.request) if str(one.pk) == to), None)
        if person is None:
            raise ValidationError(_("Cette personne n’est plus de l’équipe."))
        return {"assignee": person}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        by_status, by_person = self.request.GET.copy(), self.request.GET.copy()
        by_status.pop("colonnes", None)
        by_person["colonnes"] = BY_PERSON
        return super().get_context_data(
            filters=self.filters,
            fields=[self.filters.form[name] for name in SHOWN_FILTERS],
            is_by_person=self.is_by_person,
            by_status=by_status.urlencode(),
            by_person=by_person.urlencode(),
            limits_url=reverse("wagtailsnippets_workload_columnlimit:list"),
            **kwargs,
        )


def limits_of(project_id: int | None) -> dict[str, int]:
    """Return how many tasks each column may hold: in a project, else in all of them together."""
    rows = ColumnLimit.objects.filter(project_id=project_id)
    return dict(rows.values_list("status", "most"))


def held_up(tasks: Sequence[Task]) -> dict[int, str]:
    """Return the tasks that wait for another, with its title. One query."""
    rows = TaskBlock.objects.filter(task__in=[task.pk for task in tasks])
    rows = rows.exclude(blocker__status=Task.Status.DONE).order_by("-pk")
    return dict(rows.values_list("task_id", "blocker__title"))


menu.add_page("taches", TaskBoard, slug="taches/kanban", name="tasks_board", order=12)
