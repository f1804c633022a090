"""A sale we hope for: where it stands, where it has been, and when we call again."""

from datetime import date

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.access.roles import Grant
from core.access.scope import ClientOwned, Scope, ScopedQuerySet
from core.models import Dated, Versioned
from core.search import search_text
from portal.crm.models.pipeline import LossReason, PipelineStage

OURS_ALONE = Scope(grant=Grant.ENTER, only=Q(pk=None))
MOST_AMOUNT = 10**15  # of minor units: beyond, a zero too many was typed


class OpportunityQuerySet(ScopedQuerySet):
    """Opportunities, by where they stand."""

    def open(self) -> "OpportunityQuerySet":
        """Keep those that are neither won nor lost."""
        return self.filter(closed_at=None)

    def due(self, today: date) -> "OpportunityQuerySet":
        """Keep the open ones whose follow-up is today or late."""
        return self.open().filter(follow_up_date__lte=today)


class Opportunity(Dated, Versioned, ClientOwned):
    """A sale we hope for, with a prospect or a client. Clients never see it."""

    class Source(models.TextChoices):
        REFERRAL = "referral", _("Recommandation")
        WEBSITE = "website", _("Site web")
        SOCIAL = "social", _("Réseaux sociaux")
        CALL = "call", _("Appel ou message")
        TENDER = "tender", _("Appel d’offres")
        OTHER = "other", _("Autre")

    title = models.CharField(_("titre"), max_length=200)
    stage = models.ForeignKey(
        PipelineStage,
        on_delete=models.PROTECT,
        related_name="opportunities",
        verbose_name=_("étape"),
    )
    stage_since = models.DateTimeField(
        _("à cette étape depuis"), default=timezone.now, editable=False
    )
    closed_at = models.DateTimeField(_("gagnée ou perdue le"), null=True, editable=False)
    loss_reason = models.ForeignKey(
        LossReason,
        null=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="opportunities",
        verbose_name=_("motif de perte"),
    )
    loss_note = models.TextField(
        _("précision sur la perte"), max_length=2000, blank=True, editable=False
    )
    source = models.CharField(
        _("source"), max_length=10, choices=Source.choices, default=Source.REFERRAL
    )
    need = models.TextField(_("besoin"), max_length=10_000, blank=True)
    amount = models.BigIntegerField(
        _("budget estimé"),
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(MOST_AMOUNT)],
    )
    currency = models.CharField(_("devise"), max_length=3, default="XOF")
    decider = models.CharField(_("qui décide"), max_length=200, blank=True)
    expected_close = models.DateField(_("décision attendue le"), null=True, blank=True)
    score = models.PositiveSmallIntegerField(
        _("note (0 à 100)"), default=50, editable=False, validators=[MaxValueValidator(100)]
    )
    manual_score = models.PositiveSmallIntegerField(
        _("note donnée à la main"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(100)],
        help_text=_("Elle remplace la note calculée ; vide : la note suit les critères."),
    )
    follow_up_date = models.DateField(_("prochaine relance"), null=True, blank=True)
    next_step = models.CharField(_("à faire"), max_length=200, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        limit_choices_to={"is_staff": True},
        verbose_name=_("suivie par"),
    )
    search_norm = models.TextField(editable=False, default="")
    search_vector = models.GeneratedField(
        expression=SearchVector("search_norm", config="simple"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = OpportunityQuerySet.as_manager()
    scope = OURS_ALONE

    class Meta:
        verbose_name = _("opportunité")
        verbose_name_plural = _("opportunités")
        indexes = [
            models.Index(fields=["stage", "-score", "id"], name="opportunity_stage"),
            models.Index(fields=["follow_up_date", "id"], name="opportunity_follow_up"),
            models.Index(fields=["stage", "-closed_at", "-id"], name="opportunity_closed"),
            models.Index(fields=["-created_at", "-id"], name="opportunity_newest"),
            models.Index(fields=["score", "id"], name="opportunity_score"),
            models.Index(fields=["expected_close", "id"], name="opportunity_expected"),
            GinIndex(fields=["search_vector"], name="opportunity_search"),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args, **kwargs) -> None:
        self.search_norm = search_text(self.title, self.need[:1000], self.decider)
        super().save(*args, **kwargs)

    @property
    def is_closed(self) -> bool:
        """Tell whether it is won or lost."""
        return self.closed_at is not None


class StageMove(ClientOwned):
    """A passage of an opportunity from a step to another: the history of its sale."""

    opportunity = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="moves")
    from_name = models.CharField(_("de"), max_length=60, blank=True)
    to_name = models.CharField(_("vers"), max_length=60)
    note = models.CharField(_("précision"), max_length=300, blank=True)
    moved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    moved_at = models.DateTimeField(_("le"))

    objects = ScopedQuerySet.as_manager()
    scope = OURS_ALONE

    class Meta:
        verbose_name = _("changement d’étape")
        verbose_name_plural = _("changements d’étape")
        indexes = [
            models.Index(fields=["opportunity", "-moved_at", "-id"], name="stage_move_of_sale")
        ]

    def __str__(self) -> str:
        return f"{self.from_name} → {self.to_name}"


class FollowUp(ClientOwned):
    """A follow-up that was made or put off: what was to do, what came of it."""

    class Outcome(models.TextChoices):
        DONE = "done", _("Faite")
        POSTPONED = "postponed", _("Reportée")

    opportunity = models.ForeignKey(
        Opportunity, on_delete=models.CASCADE, related_name="follow_ups"
    )
    outcome = models.CharField(_("suite"), max_length=10, choices=Outcome.choices)
    due_on = models.DateField(_("prévue le"))
    step = models.CharField(_("à faire"), max_length=200, blank=True)
    note = models.CharField(_("ce qui en est sorti"), max_length=1000, blank=True)
    next_on = models.DateField(_("relance suivante"), null=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    made_at = models.DateTimeField(_("le"))

    objects = ScopedQuerySet.as_manager()
    scope = OURS_ALONE

    class Meta:
        verbose_name = _("relance commerciale")
        verbose_name_plural = _("relances commerciales")
        indexes = [
            models.Index(fields=["opportunity", "-made_at", "-id"], name="follow_up_of_sale")
        ]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()} · {self.step}"
