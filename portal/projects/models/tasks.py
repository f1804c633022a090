"""Tasks of a project: who does what by when, with its checklist, words and time."""

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Concat, Lower, Replace
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from core.access.roles import Grant
from core.access.scope import Scope, ScopedQuerySet
from core.models import Dated, Versioned
from portal.projects.models.projects import Milestone, OfProject, Project

ACCENTED = "àáâãäåçèéêëìíîïñòóôõöùúûüýÿ"
PLAIN = "aaaaaaceeeeiiiinooooouuuuyy"
FOLDED = Func(
    Replace(
        Lower(Concat(F("title"), Value(" "), F("body"), output_field=models.TextField())),
        Value("œ"),
        Value("oe"),
    ),
    Value(ACCENTED),
    Value(PLAIN),
    function="translate",
    output_field=models.TextField(),
)
WATCHED = ("title", "status", "priority", "assignee_id", "start_date", "due_date", "archived_at")
SHARED = Q(is_shared=True, archived_at=None)  # tasks a client sees
SHOWN = Q(task__is_shared=True, task__archived_at=None)  # what hangs on a task a client sees


class Task(Dated, Versioned, OfProject, ClusterableModel):
    """One thing to do. Shown to the client when it is theirs or marked visible."""

    class Status(models.TextChoices):
        TODO = "todo", _("À faire")
        DOING = "doing", _("En cours")
        REVIEW = "review", _("À valider")
        DONE = "done", _("Terminé")

    class Priority(models.IntegerChoices):
        LOW = 1, _("Basse")
        NORMAL = 2, _("Normale")
        HIGH = 3, _("Haute")

    project = models.ForeignKey(
        Project, on_delete=models.CASCADE, related_name="tasks", verbose_name=_("projet")
    )
    milestone = models.ForeignKey(
        Milestone,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="tasks",
        verbose_name=_("jalon"),
    )
    title = models.CharField(_("titre"), max_length=300)
    body = models.TextField(_("description"), blank=True)
    status = models.CharField(
        _("statut"), max_length=10, choices=Status.choices, default=Status.TODO
    )
    priority = models.PositiveSmallIntegerField(
        _("priorité"), choices=Priority.choices, default=Priority.NORMAL
    )
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="tasks",
        verbose_name=_("assignée à"),
    )
    is_shared = models.BooleanField(
        _("visible par le client"), default=True, help_text=_("Sinon, l’équipe seule la voit.")
    )
    start_date = models.DateField(_("début"), null=True, blank=True)
    due_date = models.DateField(_("échéance"), null=True, blank=True)
    estimate = models.PositiveIntegerField(
        _("charge prévue (minutes)"),
        default=0,
        help_text=_("Zéro : pas encore estimée. Elle compte dans la charge de l’équipe."),
    )
    archived_at = models.DateTimeField(_("archivée le"), null=True, blank=True, editable=False)
    team_rank = models.PositiveIntegerField(null=True, blank=True, editable=False)  # in our lists
    done_at = models.DateTimeField(_("terminée le"), null=True, blank=True, editable=False)
    place = models.PositiveIntegerField(null=True, blank=True, editable=False)
    search_norm = models.GeneratedField(
        expression=FOLDED, output_field=models.TextField(), db_persist=True
    )

    objects = ScopedQuerySet.as_manager()
    scope = Scope(grant=Grant.VIEW_PROJECTS, project="project_id", only=SHARED)

    class Meta:
        verbose_name = _("tâche")
        verbose_name_plural = _("tâches")
        constraints = [
            models.CheckConstraint(
                condition=Q(due_date=None) | Q(start_date=None) | Q(due_date__gte=F("start_date")),
                name="task_ends_after_start",
                violation_error_message=_("L’échéance ne peut pas précéder le début."),
            ),
        ]
        indexes = [
            models.Index(fields=["project", "status", "due_date"], name="task_of_project"),
            models.Index(fields=["assignee", "status"], name="task_of_person"),
            models.Index(fields=["due_date", "id"], name="task_due"),
            models.Index(
                fields=["status", "due_date", "id"],
                name="task_open_by_due",
                condition=Q(archived_at=None),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def parent_row(self) -> Project:
        return self.project

    @classmethod
    def from_db(cls, db, field_names, values) -> "Task":
        """Remember what was read of the watched fields, to tell people what changed since."""
        row = super().from_db(db, field_names, values)
        row.as_read = {name: row.__dict__[name] for name in WATCHED if name in row.__dict__}
        return row

    def changed_since_read(self) -> dict[str, list]:
        """Return the watched fields that differ from what was read: {field: [before, after]}."""
        before = getattr(self, "as_read", {})
        now = {name: self.__dict__.get(name) for name in before}
        return {name: [old, now[name]] for name, old in before.items() if old != now[name]}

    @property
    def is_done(self) -> bool:
        return self.status == self.Status.DONE

    @property
    def is_of_client(self) -> bool:
        """Tell whether somebody of the client does it."""
        return self.assignee is not None and not self.assignee.is_staff

    @property
    def steps(self) -> int:
        """Return how many steps it has; load `checklist` before."""
        return len(self.checklist.all())

    @property
    def steps_done(self) -> int:
        return sum(step.is_done for step in self.checklist.all())

    @property
    def assignee_org(self) -> str:
        """Return "nourx" when somebody of the team does it."""
        return "nourx" if self.assignee is not None and self.assignee.is_staff else ""


class ChecklistItem(OfProject):
    """A small step of a task, ticked or not."""

    task = ParentalKey(Task, on_delete=models.CASCADE, related_name="checklist")
    label = models.CharField(_("libellé"), max_length=200)
    is_done = models.BooleanField(_("fait"), default=False)
    sort_order = models.IntegerField(default=0, editable=False)

    objects = ScopedQuerySet.as_manager()
    scope = Scope(grant=Grant.VIEW_PROJECTS, project="task__project_id", only=SHOWN)
    sort_order_field = "sort_order"

    class Meta:
        verbose_name = _("point à cocher")
        verbose_name_plural = _("points à cocher")

    def __str__(self) -> str:
        return self.label

    @property
    def parent_row(self) -> Task:
        return self.task


class TaskComment(OfProject):
    """A word on a task."""

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="comments")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    body = models.TextField(_("message"), max_length=5000)
    created_at = models.DateTimeField(_("écrit le"), auto_now_add=True)

    objects = ScopedQuerySet.as_manager()
    scope = Scope(grant=Grant.VIEW_PROJECTS, project="task__project_id", only=SHOWN)

    class Meta:
        verbose_name = _("commentaire de tâche")
        verbose_name_plural = _("commentaires de tâche")

    def __str__(self) -> str:
        return self.body[:60]

    @property
    def parent_row(self) -> Task:
        return self.task


class TaskMove(OfProject):
    """A task went from a column to another: who moved it, and when."""

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="moves")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    from_status = models.CharField(_("de"), max_length=10, choices=Task.Status.choices)
    to_status = models.CharField(_("à"), max_length=10, choices=Task.Status.choices)
    moved_at = models.DateTimeField(_("déplacée le"))

    objects = ScopedQuerySet.as_manager()
    scope = Scope(grant=Grant.VIEW_PROJECTS, project="task__project_id", only=SHOWN)

    class Meta:
        verbose_name = _("déplacement de tâche")
        verbose_name_plural = _("déplacements de tâche")

    def __str__(self) -> str:
        return f"{self.get_from_status_display()} · {self.get_to_status_display()}"

    @property
    def parent_row(self) -> Task:
        return self.task


class TaskAttachment(OfProject):
    """A file joined to a task, or to what was said of it."""

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="attachments")
    comment = models.ForeignKey(
        TaskComment, null=True, blank=True, on_delete=models.CASCADE, related_name="attachments"
    )
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")

    objects = ScopedQuerySet.as_manager()
    scope = Scope(grant=Grant.VIEW_PROJECTS, project="task__project_id", only=SHOWN)

    class Meta:
        verbose_name = _("fichier de tâche")
        verbose_name_plural = _("fichiers de tâche")

    def __str__(self) -> str:
        return str(self.file)

    @property
    def parent_row(self) -> Task:
        return self.task


class TimeEntry(OfProject):
    """Time or money spent on a project by the team. Never shown to the client."""

    project = models.ForeignKey(
        Project, on_delete=models.CASCADE, related_name="time_entries", verbose_name=_("projet")
    )
    task = models.ForeignKey(
        Task,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("tâche"),
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("personne"),
    )
    spent_on = models.DateField(_("jour"))
    minutes = models.PositiveIntegerField(_("durée (minutes)"), default=0)
    cost = models.BigIntegerField(
        _("coût"), default=0, validators=[MinValueValidator(0)], help_text=_("En francs entiers.")
    )
    note = models.CharField(_("note"), max_length=300, blank=True)
    started_at = models.DateTimeField(_("commencé à"), null=True, blank=True, editable=False)
    ended_at = models.DateTimeField(_("fini à"), null=True, blank=True, editable=False)

    objects = ScopedQuerySet.as_manager()
    scope = Scope(grant=Grant.VIEW_PROJECTS, only=Q(pk=None))

    class Meta:
        verbose_name = _("temps ou coût")
        verbose_name_plural = _("temps et coûts")
        indexes = [
            models.Index(fields=["user", "spent_on"], name="time_of_person"),
        ]

    def __str__(self) -> str:
        return f"{self.project} · {self.spent_on}"

    @property
    def parent_row(self) -> Project:
        return self.project
