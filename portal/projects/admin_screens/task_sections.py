"""What the team reads under a task: steps, messages, files and moves; and the files themselves."""

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.defaultfilters import linebreaksbr
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from core.access.row_guard import require_view
from core.files.links import download_response
from core.hooks import Section
from core.ui.formats import file_size, moment
from portal.projects import task_queries
from portal.projects.models import Task, TaskAttachment

MOST_ROWS = 100


def minutes_text(minutes: int) -> str:
    """Write a duration: « 12 h 30 »."""
    hours, rest = divmod(minutes, 60)
    return f"{hours}\u00a0h" + (f"\u00a0{rest:02}" if rest else "")


def task_sections(task: Task) -> list[Section]:
    """Return the tables of a task's page, the latest first. Four queries."""
    files = task_queries.files_of(task)
    steps = task.checklist.order_by("sort_order", "id")
    return [
        Section(
            title=_("Messages"),
            headings=(_("Quand"), _("Qui"), _("Message"), _("Fichiers")),
            rows=_messages(task, files),
            empty=_("Aucun message."),
            links=[
                (_("Répondre"), reverse("wagtailsnippets_projects_task:repondre", args=[task.pk]))
            ],
        ),
        Section(
            title=_("Étapes"),
            headings=(_("Étape"), _("Faite")),
            rows=[(row.label, _("Oui") if row.is_done else _("Non")) for row in steps],
            empty=_("Aucune étape."),
        ),
        Section(
            title=_("Pièces jointes"),
            headings=(_("Fichier"), _("Taille"), _("Déposé par")),
            rows=[
                (_file_link(row), file_size(row.file.size), row.file.created_by or "")
                for row in files
                if row.comment_id is None
            ],
            empty=_("Aucun fichier."),
        ),
        Section(
            title=_("Déplacements"),
            headings=(_("Quand"), _("Qui"), _("De"), _("À")),
            rows=_moves(task),
            empty=_("La tâche n’a pas changé de colonne."),
        ),
    ]


def _messages(task: Task, files: list[TaskAttachment]) -> list[tuple[Any, ...]]:
    now = timezone.localtime()
    rows = task.comments.select_related("author").order_by("-created_at", "-id")[:MOST_ROWS]
    return [
        (
            moment(timezone.localtime(row.created_at), now),
            row.author,
            linebreaksbr(row.body, autoescape=True),
            format_html_join(
                " ", "{}", ((_file_link(file),) for file in files if file.comment_id == row.pk)
            ),
        )
        for row in rows
    ]


def _moves(task: Task) -> list[tuple[Any, ...]]:
    now = timezone.localtime()
    rows = task.moves.select_related("actor").order_by("-moved_at", "-id")[:MOST_ROWS]
    return [
        (
            moment(timezone.localtime(row.moved_at), now),
            row.actor or "",
            row.get_from_status_display(),
            row.get_to_status_display(),
        )
        for row in rows
    ]


def _file_link(row: TaskAttachment) -> str:
    address = reverse("task_admin_file", args=[row.task_id, row.pk])
    return format_html('<a href="{}">{}</a>', address, row.file.name)


def download_file(request: HttpRequest, pk: int, file: int) -> HttpResponseBase:
    """Hand over a file of a task to whoever of the team may read tasks."""
    task = get_object_or_404(Task, pk=pk)
    require_view(request.user, task)
    rows = TaskAttachment.objects.select_related("file")
    return download_response(request, get_object_or_404(rows, task=task, pk=file).file)


@hooks.register("register_admin_urls")
def file_address() -> list[Any]:
    return [
        path("taches-fichiers/<int:pk>/<int:file>/", download_file, name="task_admin_file"),
    ]
