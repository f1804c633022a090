"""What the team says among itself of projects and tasks, who follows a task, what it waits for."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.access.scope import ScopedQuerySet
from portal.projects.models import Project, Task
from portal.projects.models.projects import OfProject
from portal.workload.models.time import OURS_ALONE

LONGEST_NOTE = 5000


class TeamNote(OfProject):
    """A word of the team on a project or on one of its tasks. No client ever reads it."""

    project = models.ForeignKey(
        Project, on_delete=models.CASCADE, related_name="+", verbose_name=_("projet")
    )
    task = models.ForeignKey(
        Task,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("tâche"),
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("auteur"),
    )
    body = models.TextField(_("message"), max_length=LONGEST_NOTE)
    created_at = models.DateTimeField(_("écrite le"))

    objects = ScopedQuerySet.as_manager()
    scope = OURS_ALONE

    class Meta:
        verbose_name = _("note interne")
        verbose_name_plural = _("notes internes")
        indexes = [
            models.Index(fields=["project", "-created_at"], name="team_note_of_project"),
            models.Index(fields=["task", "-created_at"], name="team_note_of_task"),
        ]

    def __str__(self) -> str:
        return self.body[:60]

    @property
    def parent_row(self) -> Project:
        return self.project


class TaskWatch(OfProject):
    """Somebody of the team follows a task, and is told of what changes."""

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="watches")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    objects = ScopedQuerySet.as_manager()
    scope = OURS_ALONE

    class Meta:
        verbose_name = _("tâche suivie")
        verbose_name_plural = _("tâches suivies")
        constraints = [models.UniqueConstraint(fields=["task", "user"], name="watch_once")]

    def __str__(self) -> str:
        return f"{self.user} · {self.task}"

    @property
    def parent_row(self) -> Task:
        return self.task


class TaskBlock(OfProject):
    """A task that waits until another is done; both of one client."""

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="waits_for")
    blocker = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="holds_up")

    objects = ScopedQuerySet.as_manager()
    scope = OURS_ALONE

    class Meta:
        verbose_name = _("dépendance entre tâches")
        verbose_name_plural = _("dépendances entre tâches")
        constraints = [
            models.UniqueConstraint(fields=["task", "blocker"], name="block_once"),
            models.CheckConstraint(condition=~Q(task=F("blocker")), name="block_of_another"),
        ]

    def __str__(self) -> str:
        return f"{self.task} ← {self.blocker}"

    @property
    def parent_row(self) -> Task:
        return self.task
