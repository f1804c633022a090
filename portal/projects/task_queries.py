"""What a client's pages show of tasks, read in few queries."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import (
    Case,
    Count,
    F,
    IntegerField,
    OuterRef,
    QuerySet,
    Subquery,
    When,
    Window,
)
from django.db.models import Value as V
from django.db.models.functions import Coalesce, RowNumber
from django.http import HttpRequest

from core.access.grants import grants_of
from core.access.roles import Grant
from core.once import known, once
from core.ui.formats import file_size
from portal.projects.models import ChecklistItem, Task, TaskAttachment, TaskComment, TaskMove

MOST_MINE, MOST_SAID = 50, 100
TASK_GLYPHS: dict[str, tuple[str, str]] = {
    Task.Status.TODO: ("todo", ""),
    Task.Status.DOING: ("half", "now"),
    Task.Status.REVIEW: ("review", "now"),
    Task.Status.DONE: ("done", ""),
}
BOARD_ORDER = (
    F("done_at").desc(nulls_last=True),
    F("place").asc(nulls_last=True),
    F("due_date").asc(nulls_last=True),
    F("priority").desc(),
    F("id").asc(),
)


@dataclass(frozen=True)
class Card:
    """A task on the board or in the list, and what the reader may do with it."""

    task: Task
    may_move: bool
    may_write: bool

    @property
    def glyph(self) -> str:
        return TASK_GLYPHS[self.task.status][0]

    @property
    def tone(self) -> str:
        return TASK_GLYPHS[self.task.status][1]


@dataclass(frozen=True)
class Column:
    """A column of the board: its first tasks, and how many there are in all."""

    status: Task.Status
    cards: list[Card] = field(default_factory=list)
    count: int = 0

    @property
    def hidden(self) -> int:
        """Return how many tasks the board does not show."""
        return self.count - len(self.cards)

    @property
    def glyph(self) -> str:
        return TASK_GLYPHS[self.status][0]

    @property
    def tone(self) -> str:
        return TASK_GLYPHS[self.status][1]


def with_facts(tasks: QuerySet[Task]) -> QuerySet[Task]:
    """Load what a card of a task shows: project, person, steps, messages, files. No more query."""
    return (
        tasks.select_related("project", "assignee")
        .defer("body", "search_norm")
        .annotate(
            step_count=_count_of(ChecklistItem.objects.all()),
            step_done=_count_of(ChecklistItem.objects.filter(is_done=True)),
            comment_count=_count_of(TaskComment.objects.all()),
            file_count=_count_of(TaskAttachment.objects.all()),
        )
    )


def _count_of(rows: QuerySet) -> Coalesce:
    counted = rows.filter(task=OuterRef("pk")).order_by().values("task").annotate(n=Count("pk"))
    return Coalesce(Subquery(counted.values("n"), output_field=IntegerField()), V(0))


def cards_of(tasks: Any, user: Any) -> list[Card]:
    """Return tasks with what the person may do to each. No query once facts are loaded."""
    parts = grants_of(user).clients_with(Grant.TAKE_PART)
    return [
        Card(
            task=task,
            may_move=task.is_of_client and task.client_id in parts,
            may_write=task.client_id in parts,
        )
        for task in tasks
    ]


def board_of(tasks: QuerySet[Task], user: Any, shown: int) -> list[Column]:
    """Return tasks by column in the order of the board, `shown` at most in each. Two queries."""
    rows = tasks.annotate(
        rank=Window(RowNumber(), partition_by=[F("status")], order_by=BOARD_ORDER),
        many=Window(Count("id"), partition_by=[F("status")]),
    )
    heads = list(rows.filter(rank__lte=shown).values_list("pk", "status", "rank", "many"))
    counts = {status: many for _pk, status, _rank, many in heads}
    ranks = {pk: rank for pk, _status, rank, _many in heads}
    found = with_facts(Task.objects.filter(pk__in=ranks)) if ranks else []
    cards = sorted(cards_of(found, user), key=lambda card: ranks[card.task.pk])
    return [
        Column(
            status=status,
            cards=[card for card in cards if card.task.status == status],
            count=counts.get(status, 0),
        )
        for status in Task.Status
    ]


def listed(tasks: QuerySet[Task]) -> QuerySet[Task]:
    """Return the same tasks as a list: what is due first, what is done last."""
    is_done = Case(When(status=Task.Status.DONE, then=1), default=0)
    due = F("due_date").asc(nulls_last=True)
    done = F("done_at").desc(nulls_last=True)
    return with_facts(tasks).order_by(is_done, done, due, F("priority").desc(), "id")


@dataclass(frozen=True)
class Said:
    """A message on a task, with its files."""

    author: Any
    at: datetime
    body: str
    files: list[dict[str, Any]]

    @property
    def is_event(self) -> bool:
        return False


@dataclass(frozen=True)
class Moved:
    """A task went from a column to another."""

    actor: Any
    at: datetime
    before: str
    after: str

    @property
    def is_event(self) -> bool:
        return True


def thread_of(task: Task, files: list[TaskAttachment], links: Any) -> list[Said | Moved]:
    """Return the latest messages and moves of a task, oldest first. Two queries.

    `files` are the attachments of the task, `links` gives the address of one.
    """
    joined: dict[int, list[dict[str, Any]]] = {}
    for row in files:
        if row.comment_id is not None:
            joined.setdefault(row.comment_id, []).append(file_facts(row, links))
    comments = task.comments.select_related("author").order_by("-created_at", "-id")[:MOST_SAID]
    moves: QuerySet[TaskMove] = task.moves.select_related("actor").order_by("-moved_at", "-id")
    said = [Said(row.author, row.created_at, row.body, joined.get(row.pk, [])) for row in comments]
    moved = [
        Moved(row.actor, row.moved_at, row.get_from_status_display(), row.get_to_status_display())
        for row in moves[:MOST_SAID]
    ]
    return sorted([*said, *moved], key=lambda row: row.at)


def file_facts(row: TaskAttachment, links: Any) -> dict[str, Any]:
    """Return what `components/file_row.html` shows of an attachment."""
    return {
        "name": row.file.name,
        "extension": row.file.extension,
        "url": links(row),
        "meta": file_size(row.file.size),
    }


def files_of(task: Task) -> list[TaskAttachment]:
    """Return the files of a task and of its messages, oldest first. One query."""
    return list(task.attachments.select_related("file").order_by("pk"))


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
