"""Winning and keeping clients: opportunities, and what was said."""

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.access.roles import Grant
from core.access.scope import ClientOwned, Scope, ScopedQuerySet
from core.models import Dated, Versioned

OURS_ALONE = Scope(grant=Grant.ENTER, only=Q(pk=None))


class PipelineStage(models.Model):
    """A step of the sales pipeline, in our order."""

    name = models.CharField(_("nom"), max_length=60, unique=True)
    is_won = models.BooleanField(_("gagnée"), default=False)
    is_lost = models.BooleanField(_("perdue"), default=False)
    sort_order = models.IntegerField(_("ordre"), default=0)

    class Meta:
        verbose_name = _("étape commerciale")
        verbose_name_plural = _("étapes commerciales")
        constraints = [
            models.CheckConstraint(
                condition=~Q(is_won=True, is_lost=True),
                name="stage_won_or_lost",
                violation_error_message=_("Une étape est gagnée ou perdue, pas les deux."),
            )
        ]

    def __str__(self) -> str:
        return self.name


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
    source = models.CharField(
        _("source"), max_length=10, choices=Source.choices, default=Source.REFERRAL
    )
    need = models.TextField(_("besoin"), blank=True)
    amount = models.BigIntegerField(_("budget estimé"), null=True, blank=True)
    currency = models.CharField(_("devise"), max_length=3, default="XOF")
    score = models.PositiveSmallIntegerField(
        _("note (0 à 100)"), default=50, validators=[MaxValueValidator(100)]
    )
    follow_up_date = models.DateField(_("prochaine relance"), null=True, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        limit_choices_to={"is_staff": True},
        verbose_name=_("suivie par"),
    )

    objects = ScopedQuerySet.as_manager()
    scope = OURS_ALONE

    class Meta:
        verbose_name = _("opportunité")
        verbose_name_plural = _("opportunités")
        indexes = [
            models.Index(fields=["stage", "-score", "id"], name="opportunity_stage"),
            models.Index(fields=["follow_up_date", "id"], name="opportunity_follow_up"),
        ]

    def __str__(self) -> str:
        return self.title


class Interaction(ClientOwned):
    """Something said or done with a client, or an internal note. Clients never see it."""

    class Kind(models.TextChoices):
        NOTE = "note", _("Note interne")
        CALL = "call", _("Appel")
        MEETING = "meeting", _("Rendez-vous")
        EMAIL = "email", _("E-mail")
        MESSAGE = "message", _("WhatsApp ou SMS")

    kind = models.CharField(_("nature"), max_length=10, choices=Kind.choices, default=Kind.NOTE)
    opportunity = models.ForeignKey(
        Opportunity,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="interactions",
        verbose_name=_("opportunité"),
    )
    body = models.TextField(_("texte"), max_length=10_000)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("auteur"),
    )
    happened_at = models.DateTimeField(_("le"))

    objects = ScopedQuerySet.as_manager()
    scope = OURS_ALONE

    class Meta:
        verbose_name = _("échange")
        verbose_name_plural = _("échanges")
        indexes = [
            models.Index(fields=["client", "-happened_at"], name="interaction_of_client"),
            models.Index(fields=["-happened_at", "-id"], name="interaction_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.body[:60]}"
