"""What tests of tasks ask again and again."""

from django.urls import reverse

from core import rls
from portal.projects.models import Task, TaskMove

BOARD = "/client/taches/?qui=tous&vue=kanban"


def to(name, *args):
    return reverse(f"projects:{name}", args=args)


def now_of(task):
    with rls.staff("test"):
        return Task.objects.get(pk=task.pk)


def moves_of(task):
    with rls.staff("test"):
        return list(
            TaskMove.objects.filter(task=task).values_list("actor", "from_status", "to_status")
        )


def count(model):
    with rls.staff("test"):
        return model.objects.count()
