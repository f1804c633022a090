"""On the page of a task or a project: notes of the team, who follows, what waits for what."""

from typing import Any

from django import forms
from django.template.defaultfilters import linebreaksbr
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from core.audit.log import declare
from core.backoffice.actions import RecordAction, add_action
from core.backoffice.choosers import RecordChooser
from core.hooks import Section
from core.ui.formats import date_long, moment
from portal.projects.models import Project, Task, TimeEntry
from portal.workload.durations import duration_text
from portal.workload.models import TaskBlock, TaskWatch, TeamNote
from portal.workload.models.following import LONGEST_NOTE
from portal.workload.services import following

declare(
    team_note_written=_("Note interne écrite"),
    task_blocked=_("Tâche mise en attente d’une autre"),
    task_unblocked=_("Tâche qui n’attend plus"),
    calendar_link_made=_("Adresse de calendrier faite"),
    calendar_link_ended=_("Adresse de calendrier retirée"),
)

MOST_ROWS = 100
PAGE = "wagtailsnippets_projects_{}:{}"


class NoteForm(forms.Form):
    """What the team says among itself."""

    body = forms.CharField(
        label=_("Note interne"),
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 5, "aria-describedby": "note-help"}),
        help_text=_("L’équipe seule la lit. « @Prénom Nom » prévient la personne."),
    )


class WriteNote(RecordAction):
    """Write a note for the team alone."""

    name = "noter"
    label = _("Note interne")
    icon_name = "comment-add"
    permission = "view"
    success = _("Note enregistrée.")
    form_class = NoteForm
    template_name = "portal/workload/note.html"

    def perform(self, record: Any, actor: Any, **values: Any) -> None:
        is_task = isinstance(record, Task)
        following.add_note(
            project=record.project if is_task else record,
            task=record if is_task else None,
            actor=actor,
            at=timezone.now(),
            **values,
        )

    @classmethod
    def may(cls, user: Any, record: Any) -> bool:
        return super().may(user, record) and user.has_perm("workload.add_teamnote")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        names = [str(person) for person in following.readers()]
        return super().get_context_data(names=names, **kwargs)


class WatchTask(RecordAction):
    """Be told of what changes on a task."""

    name = "suivre"
    label = _("Suivre")
    icon_name = "view"
    permission = "view"
    question = _("Vous serez prévenu de ce qui change et de ce qui s’écrit.")
    success = _("Vous suivez cette tâche.")
    is_listed = False

    def perform(self, record: Task, actor: Any) -> None:
        following.watch_task(task=record, user=actor)

    @classmethod
    def may(cls, user: Any, record: Any) -> bool:
        return super().may(user, record) and not _follows(user, record)


class UnwatchTask(RecordAction):
    """Be told no more of a task."""

    name = "ne-plus-suivre"
    label = _("Ne plus suivre")
    icon_name = "no-view"
    permission = "view"
    success = _("Vous ne suivez plus cette tâche.")
    is_listed = False

    def perform(self, record: Task, actor: Any) -> None:
        following.unwatch_task(task=record, user=actor)

    @classmethod
    def may(cls, user: Any, record: Any) -> bool:
        return super().may(user, record) and _follows(user, record)


class BlockForm(forms.Form):
    """The task that must be done first."""

    blocker = forms.ModelChoiceField(
        label=_("Attend que soit finie"), queryset=Task.objects.all(), widget=RecordChooser(Task)
    )


class BlockTask(RecordAction):
    """Have a task wait for another."""

    name = "attendre"
    label = _("Attend une autre tâche")
    icon_name = "lock"
    permission = "change"
    success = _("La tâche attend l’autre.")
    form_class = BlockForm
    is_listed = False

    def perform(self, record: Task, actor: Any, **values: Any) -> None:
        following.block_task(task=record, actor=actor, **values)


class UnblockForm(forms.Form):
    """The task that is no longer waited for."""

    block = forms.ModelChoiceField(label=_("N’attend plus"), queryset=TaskBlock.objects.none())


class UnblockTask(RecordAction):
    """Have a task wait no more."""

    name = "ne-plus-attendre"
    label = _("N’attend plus")
    icon_name = "lock-open"
    permission = "change"
    success = _("La tâche n’attend plus.")
    form_class = UnblockForm
    is_listed = False

    def get_form(self, form_class: Any = None) -> forms.Form:
        form = super().get_form(form_class)
        rows = TaskBlock.objects.filter(task=self.object).select_related("blocker")
        form.fields["block"].queryset = rows
        form.fields["block"].label_from_instance = lambda block: str(block.blocker)
        return form

    def perform(self, record: Task, actor: Any, **values: Any) -> None:
        following.unblock_task(actor=actor, **values)

    @classmethod
    def may(cls, user: Any, record: Any) -> bool:
        return super().may(user, record) and TaskBlock.objects.filter(task=record).exists()


@hooks.register("nourx_task_sections")
def sections_of_task(task: Task) -> list[Section]:
    """Notes of the team, dependencies, followers and time of a task. Four queries."""
    return [_notes("task", task, TeamNote.objects.filter(task=task)), _links(task), _time(task)]


@hooks.register("nourx_project_sections")
def sections_of_project(project: Project) -> list[Section]:
    """Notes of the team on a project, those of its tasks left to them."""
    return [_notes("project", project, TeamNote.objects.filter(project=project, task=None))]


def _notes(kind: str, record: Any, found: Any) -> Section:
    rows = list(found.select_related("author").order_by("-created_at", "-pk")[:MOST_ROWS])
    now = timezone.localtime()
    return Section(
        title=_("Notes internes"),
        headings=(_("Quand"), _("Qui"), _("Note")),
        rows=[
            (
                moment(timezone.localtime(row.created_at), now),
                row.author,
                linebreaksbr(row.body, autoescape=True),
            )
            for row in rows
        ],
        empty=_("Aucune note : l’équipe seule les lit."),
        links=[(_("Écrire une note"), reverse(PAGE.format(kind, "noter"), args=[record.pk]))],
        order=45,
    )


def _links(task: Task) -> Section:
    waits = TaskBlock.objects.filter(task=task).select_related("blocker").order_by("pk")
    holds = TaskBlock.objects.filter(blocker=task).select_related("task").order_by("pk")
    watched = TaskWatch.objects.filter(task=task).select_related("user").order_by("pk")
    rows = [(_("Attend"), _link(row.blocker), row.blocker.get_status_display()) for row in waits]
    rows += [(_("Fait attendre"), _link(row.task), row.task.get_status_display()) for row in holds]
    people = format_html_join(", ", "{}", ((row.user,) for row in watched))
    if people:
        rows.append((_("Suivie par"), people, ""))
    return Section(
        title=_("Dépendances et suivi"),
        headings=(_("Lien"), _("Tâche ou personne"), _("Statut")),
        rows=rows,
        empty=_("Elle n’attend aucune tâche, et personne ne la suit."),
        order=55,
    )


def _time(task: Task) -> Section:
    rows = TimeEntry.objects.filter(task=task, minutes__gt=0).select_related("user")
    found = list(rows.order_by("-spent_on", "-pk")[:MOST_ROWS])
    spent = sum(row.minutes for row in found)
    title = _("Temps passé")
    if task.estimate:
        facts = {"spent": duration_text(spent), "planned": duration_text(task.estimate)}
        title = _("Temps passé : %(spent)s sur %(planned)s") % facts
    return Section(
        title=title,
        headings=(_("Jour"), _("Qui"), _("Durée"), _("Note")),
        rows=[
            (date_long(row.spent_on), row.user, duration_text(row.minutes), row.note)
            for row in found
        ],
        empty=_("Aucun temps noté."),
        links=[(_("Noter du temps"), reverse(PAGE.format("task", "temps"), args=[task.pk]))],
        order=60,
    )


def _link(task: Task) -> str:
    url = reverse(PAGE.format("task", "inspect"), args=[task.pk])
    return format_html('<a href="{}">{}</a>', url, task)


def _follows(user: Any, task: Task) -> bool:
    return TaskWatch.objects.filter(task=task, user=user).exists()


for _action in (WriteNote, WatchTask, UnwatchTask, BlockTask, UnblockTask):
    add_action(Task, _action)
add_action(Project, WriteNote)
