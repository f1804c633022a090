"""What a client's pages show of tasks, read in few queries."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Prefetch, QuerySet, Window
from django.db.models.functions import RowNumber
from django.http import HttpRequest

from core.once import known, once
from portal.projects.models import ChecklistItem, Task

MOST_IN_COLUMN, MOST_MINE = 20, 50
TASK_GLYPHS: dict[str, tuple[str, str]] = {
    Task.Status.TODO: ("todo", ""),
    Task.Status.DOING: ("half", "now"),
    Task.Status.REVIEW: ("review", "now"),
    Task.Status.DONE: ("done", ""),
}


@dataclass(frozen=True)
class Column:
    """A column of the board: its first tasks, and how many there are in all."""

    status: Task.Status
    glyph: str
    tone: str
    tasks: list[Task]
    count: int

    @property
    def hidden(self) -> int:
        """Return how many tasks the board does not show."""
        return self.count - len(self.tasks)

    @property
    def state(self) -> str:
        """Return the state that lists the tasks of this column."""
        return "faites" if self.status == Task.Status.DONE else "a-faire"


def with_facts(tasks: QuerySet[Task]) -> QuerySet[Task]:
    """Load what a card of a task shows: its project, its person, its steps. One more query."""
    steps = ChecklistItem.objects.only("task_id", "is_done")
    rows = tasks.select_related("project", "assignee")
    return rows.prefetch_related(Prefetch("checklist", queryset=steps))


def board_of(tasks: QuerySet[Task]) -> list[Column]:
    """Return tasks by column, the most pressing first, twenty at most in each. Two queries."""
    same = [F("status")]
    pressing = [
        F("done_at").desc(nulls_last=True),
        F("due_date").asc(nulls_last=True),
        F("priority").desc(),
        F("id").asc(),
    ]
    rows = tasks.annotate(
        place=Window(RowNumber(), partition_by=same, order_by=pressing),
        many=Window(Count("id"), partition_by=same),
    )
    shown = list(with_facts(rows.filter(place__lte=MOST_IN_COLUMN).order_by("status", "place")))
    columns = []
    for status in Task.Status:
        cards = [task for task in shown if task.status == status]
        count = cards[0].many if cards else 0
        columns.append(Column(status, *TASK_GLYPHS[status], cards, count))
    return columns


def open_tasks_of(user: Any) -> QuerySet[Task]:
    """Return the tasks that wait for the person, the most pressing first."""
    rows = Task.objects.visible_to(user).filter(assignee=user)
    return (
        rows.exclude(status=Task.Status.DONE)
        .select_related("project")
        .order_by("due_date", "-priority", "id")
    )


def my_tasks(request: HttpRequest) -> list[Task]:
    """Return the first tasks that wait for the person of a request. Read once per request."""
    return once(request, "my-tasks", lambda: list(open_tasks_of(request.user)[:MOST_MINE]))


def my_task_count(request: HttpRequest) -> int | QuerySet[Task]:
    """Return how many tasks wait for the person, or the rows to count."""
    read = known(request, "my-tasks")
    return open_tasks_of(request.user) if read is None else len(read)
