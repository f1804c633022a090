"""How much the pages of tasks ask of the database, whatever there is to show."""

import pytest
from django.urls import reverse

from core import rls
from portal.projects.models import ChecklistItem, Task, TaskComment, TaskMove
from tests.conftest import AT

PAGE = 8
LOOKS = ["?vue=kanban&qui=tous", "?vue=liste&qui=tous", "?vue=kanban&qui=tous&plus=200&q=tache"]


@pytest.fixture
def many(acme, acme_owner, project):
    """Return a function that makes tasks in every column, with steps and messages."""

    def make(count):
        states = list(Task.Status)
        with rls.staff("test world"):
            tasks = Task.objects.bulk_create(
                Task(
                    client=acme,
                    project=project,
                    title=f"Tâche {n} {'mot ' * 60}"[:300],
                    status=states[n % 4],
                    assignee=acme_owner if n % 2 else None,
                )
                for n in range(count)
            )
            ChecklistItem.objects.bulk_create(
                ChecklistItem(client=acme, task=row, label="Étape") for row in tasks
            )
            TaskComment.objects.bulk_create(
                TaskComment(client=acme, task=row, author=acme_owner, body="Vu.") for row in tasks
            )
        return tasks

    return make


@pytest.mark.parametrize("count", [0, 300])
@pytest.mark.parametrize("look", LOOKS)
def test_tasks_cost_the_same_however_many(look, count, many, acme_owner, client_of, count_queries):
    many(count)

    asked = count_queries(client_of(acme_owner), f"/client/taches/{look}")

    assert asked <= PAGE


def test_a_task_costs_the_same_however_much_was_said(many, acme_owner, client_of, count_queries):
    (task,) = many(1)
    with rls.staff("test world"):
        for n in range(30):
            TaskComment.objects.create(task=task, author=acme_owner, body=f"Mot {n}")
            TaskMove.objects.create(
                task=task, actor=acme_owner, from_status="todo", to_status="done", moved_at=AT
            )

    asked = count_queries(client_of(acme_owner), reverse("projects:task", args=[task.pk]))

    assert asked <= PAGE
