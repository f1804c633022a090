"""What a client says of the work: words on the roadmap, decisions on deliverables, a last mark."""

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.access.roles import Grant
from core.access.scope import Scope, ScopedQuerySet
from portal.projects.models.projects import Deliverable, Milestone, OfProject, Project

LONGEST_WORD = 5000  # letters of a comment


class MilestoneComment(OfProject):
    """A word on a milestone, or on the whole roadmap when it names none."""

    project = models.ForeignKey(
        Project, on_delete=models.CASCADE, related_name="comments", verbose_name=_("projet")
    )
    milestone = models.ForeignKey(
        Milestone,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="comments",
        verbose_name=_("jalon"),
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("auteur"),
    )
    body = models.TextField(_("message"), max_length=LONGEST_WORD)
    created_at = models.DateTimeField(_("écrit le"), auto_now_add=True)

    objects = ScopedQuerySet.as_manager()
    scope = Scope(grant=Grant.VIEW_PROJECTS, project="project_id")

    class Meta:
        verbose_name = _("commentaire de jalon")
        verbose_name_plural = _("commentaires de jalon")
        indexes = [
            models.Index(fields=["project", "-created_at"], name="word_of_project"),
            models.Index(fields=["milestone", "created_at"], name="word_of_milestone"),
        ]

    def __str__(self) -> str:
        return self.body[:60]

    @property
    def parent_row(self) -> Project:
        return self.milestone.project if self.milestone is not None else self.project


class CommentFile(OfProject):
    """A file joined to a word on the roadmap."""

    comment = models.ForeignKey(MilestoneComment, on_delete=models.CASCADE, related_name="files")
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")

    objects = ScopedQuerySet.as_manager()
    scope = Scope(grant=Grant.VIEW_PROJECTS, project="comment__project_id")

    class Meta:
        verbose_name = _("fichier joint à un commentaire")
        verbose_name_plural = _("fichiers joints aux commentaires")

    def __str__(self) -> str:
        return str(self.file)

    @property
    def parent_row(self) -> MilestoneComment:
        return self.comment


class DeliverableFile(OfProject):
    """What is handed over in one round of a deliverable: a file, or a link."""

    deliverable = models.ForeignKey(Deliverable, on_delete=models.CASCADE, related_name="files")
    round = models.PositiveSmallIntegerField(_("version"))
    file = models.ForeignKey(
        "files.StoredFile", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    link = models.URLField(_("lien"), max_length=500, blank=True)

    objects = ScopedQuerySet.as_manager()
    scope = Scope(grant=Grant.VIEW_PROJECTS, project="deliverable__project_id")

    class Meta:
        verbose_name = _("pièce d’un livrable")
        verbose_name_plural = _("pièces des livrables")
        constraints = [
            models.CheckConstraint(
                condition=Q(file=None) ^ Q(link=""), name="deliverable_file_or_link"
            )
        ]

    def __str__(self) -> str:
        return str(self.file or self.link)

    @property
    def parent_row(self) -> Deliverable:
        return self.deliverable


class DeliverableDecision(OfProject):
    """What the client decided of one round of a deliverable. Never changed, never removed."""

    class Verdict(models.TextChoices):
        APPROVED = "approved", _("Validé")
        REFUSED = "refused", _("Refusé")

    deliverable = models.ForeignKey(Deliverable, on_delete=models.PROTECT, related_name="decisions")
    round = models.PositiveSmallIntegerField(_("version"))
    verdict = models.CharField(_("décision"), max_length=10, choices=Verdict.choices)
    comment = models.TextField(_("commentaire"), blank=True, max_length=LONGEST_WORD)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("décidé par"),
    )
    decided_at = models.DateTimeField(_("décidé le"))

    objects = ScopedQuerySet.as_manager()
    scope = Scope(grant=Grant.VIEW_PROJECTS, project="deliverable__project_id")

    class Meta:
        verbose_name = _("décision sur un livrable")
        verbose_name_plural = _("décisions sur les livrables")
        constraints = [
            models.UniqueConstraint(fields=["deliverable", "round"], name="one_decision_a_round"),
            models.CheckConstraint(
                condition=Q(verdict="approved") | ~Q(comment=""), name="refusal_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deliverable} · {self.get_verdict_display()}"

    @property
    def parent_row(self) -> Deliverable:
        return self.deliverable


class SurveyAnswer(OfProject):
    """What one person of the client thinks of a delivered project: would they recommend us?"""

    project = models.ForeignKey(
        Project, on_delete=models.PROTECT, related_name="answers", verbose_name=_("projet")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("personne"),
    )
    score = models.PositiveSmallIntegerField(_("note"), validators=[MaxValueValidator(10)])
    comment = models.TextField(_("commentaire"), blank=True, max_length=LONGEST_WORD)
    answered_at = models.DateTimeField(_("répondu le"))
    changed_at = models.DateTimeField(_("modifié le"))

    objects = ScopedQuerySet.as_manager()
    scope = Scope(grant=Grant.VIEW_PROJECTS, project="project_id")

    class Meta:
        verbose_name = _("avis de fin de projet")
        verbose_name_plural = _("avis de fin de projet")
        constraints = [
            models.UniqueConstraint(fields=["project", "user"], name="one_answer_each"),
            models.CheckConstraint(condition=Q(score__gte=0, score__lte=10), name="score_of_ten"),
        ]

    def __str__(self) -> str:
        return f"{self.project} · {self.score}/10"

    @property
    def parent_row(self) -> Project:
        return self.project


class ProjectChoice(OfProject):
    """The project that a person looked at last, among those of one client."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    chosen_at = models.DateTimeField(_("choisi le"))

    objects = ScopedQuerySet.as_manager()
    scope = Scope(grant=Grant.VIEW_PROJECTS, project="project_id")

    class Meta:
        verbose_name = _("projet choisi")
        verbose_name_plural = _("projets choisis")
        constraints = [
            models.UniqueConstraint(fields=["user", "client"], name="one_choice_a_client")
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.project}"

    @property
    def parent_row(self) -> Project:
        return self.project
