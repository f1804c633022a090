"""How we sell: the steps of the pipeline, why sales are lost, what makes one promising."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class PipelineStage(models.Model):
    """A step of the sales pipeline, in our order."""

    class Tone(models.TextChoices):
        PLAIN = "", _("Neutre")
        NOW = "now", _("Bleu")
        OK = "ok", _("Vert")
        WARN = "warn", _("Orange")
        BAD = "bad", _("Rouge")

    name = models.CharField(_("nom"), max_length=60, unique=True)
    is_won = models.BooleanField(_("gagnée"), default=False)
    is_lost = models.BooleanField(_("perdue"), default=False)
    probability = models.PositiveSmallIntegerField(
        _("probabilité de signer (%)"),
        default=20,
        validators=[MaxValueValidator(100)],
        help_text=_("Elle pèse les montants dans la prévision du pipeline."),
    )
    tone = models.CharField(
        _("couleur"), max_length=4, choices=Tone.choices, default=Tone.PLAIN, blank=True
    )
    limit = models.PositiveSmallIntegerField(
        _("cartes au plus"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("Au-delà, la colonne le signale ; vide : sans limite."),
    )
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

    @property
    def is_closing(self) -> bool:
        """Tell whether a sale that comes here is over."""
        return self.is_won or self.is_lost


class LossReason(models.Model):
    """Why sales are lost, such as « Trop cher »."""

    name = models.CharField(_("motif"), max_length=80, unique=True)
    is_offered = models.BooleanField(_("proposé"), default=True)

    class Meta:
        verbose_name = _("motif de perte")
        verbose_name_plural = _("motifs de perte")

    def __str__(self) -> str:
        return self.name


class ScoreCriterion(models.Model):
    """A fact of an opportunity that makes it more or less promising, in points."""

    class Fact(models.TextChoices):
        SOURCE = "source", _("La source est…")
        AMOUNT = "amount", _("Le budget atteint…")
        NEED = "need", _("Le besoin est décrit")
        DECIDER = "decider", _("La personne qui décide est connue")
        CLOSE = "close", _("La décision est attendue dans les… jours")
        EXCHANGE = "exchange", _("Un échange a eu lieu dans les… jours")
        KNOWN = "known", _("C’est déjà un client")

    label = models.CharField(_("libellé"), max_length=120)
    fact = models.CharField(_("fait"), max_length=10, choices=Fact.choices)
    value = models.CharField(
        _("valeur"),
        max_length=20,
        blank=True,
        help_text=_(
            "Une source, un montant dans la devise de l’opportunité ou un nombre de jours, "
            "selon le fait."
        ),
    )
    points = models.SmallIntegerField(
        _("points"), validators=[MinValueValidator(-100), MaxValueValidator(100)]
    )
    is_active = models.BooleanField(_("appliqué"), default=True)
    sort_order = models.IntegerField(_("ordre"), default=0)

    class Meta:
        verbose_name = _("critère de note")
        verbose_name_plural = _("critères de note")

    def __str__(self) -> str:
        return self.label
