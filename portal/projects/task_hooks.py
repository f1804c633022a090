"""What tasks add to the client's home page and menu."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks

from core.audit.log import declare
from core.hooks import Belongings, NavEntry, ToDo
from core.ui.formats import days_until
from portal.projects import queries, task_queries
from portal.projects.models import Project, Task

declare(
    task_saved=gettext_lazy("Tâche enregistrée"),
    task_moved=gettext_lazy("Tâche déplacée"),
    task_ticked=gettext_lazy("Étape d’une tâche cochée ou décochée"),
    task_commented=gettext_lazy("Message sur une tâche"),
    task_files_joined=gettext_lazy("Fichiers joints à une tâche"),
)


@hooks.register("nourx_client_nav")
def task_entry(request: HttpRequest) -> Iterator[NavEntry]:
    if not queries.follows_projects(request.user):
        return
    yield NavEntry(
        key="tasks",
        label=_("Tâches"),
        url=reverse("projects:tasks"),
        icon="tasks",
        order=30,
        count=partial(task_queries.my_task_count, request),
        tone="quiet",
    )


@hooks.register("nourx_client_to_dos")
def tasks_to_do(request: HttpRequest) -> Iterator[ToDo]:
    if not queries.follows_projects(request.user):
        return
    today = timezone.localdate()
    for task in task_queries.my_tasks(request):
        is_late = task.due_date is not None and task.due_date < today
        yield ToDo(
            title=task.title,
            detail=f"{days_until(task.due_date, today).capitalize()} · {task.project.title}"
            if is_late and task.due_date
            else task.project.title,
            url=reverse("projects:task", args=[task.pk]),
            glyph="late" if is_late else "todo",
            tone="bad" if is_late else "",
            due=task.due_date,
        )


@hooks.register("nourx_belongings")
def tasks_of_person(person: Any) -> Iterator[Belongings]:
    rows = Task.objects.filter(assignee=person).exclude(status=Task.Status.DONE)
    yield Belongings(_("Tâches à faire"), rows, "assignee", order=20)


@hooks.register("nourx_belongings")
def projects_of_person(person: Any) -> Iterator[Belongings]:
    over = (Project.Status.DELIVERED, Project.Status.ARCHIVED)
    rows = Project.objects.filter(lead=person).exclude(status__in=over)
    yield Belongings(_("Projets menés"), rows, "lead", order=10)
