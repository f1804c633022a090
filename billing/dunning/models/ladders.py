"""Ladders of reminding: which step is due how many days after the due date, and what it says."""

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from modelcluster.models import ClusterableModel

from core.accounts.models import Client, ClientTag
from core.models import Dated, Versioned

LONGEST_KEY = 20


class DunningLadder(Dated, Versioned, ClusterableModel):
    """The steps that unpaid invoices climb: of everybody, of a sector, or of some segments.

    A client follows the ladder of one of its segments, else of its sector, else the default one.
    """

    company = models.ForeignKey(
        "accounts.Company",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("société"),
        help_text=_("Vide : toutes nos sociétés."),
    )
    name = models.CharField(_("nom"), max_length=80)
    is_default = models.BooleanField(_("échelle par défaut"), default=False)
    is_active = models.BooleanField(_("utilisée"), default=True)
    sector = models.CharField(
        _("pour le secteur"),
        max_length=10,
        choices=Client.Sector.choices,
        blank=True,
        help_text=_("Vide : tous les secteurs."),
    )
    segments = ParentalManyToManyField(ClientTag, blank=True, verbose_name=_("pour les segments"))
    tolerance = models.PositiveBigIntegerField(
        _("solde négligeable"),
        default=0,
        help_text=_("En plus petite unité de la devise : en dessous, ou à ce montant, silence."),
    )

    class Meta:
        verbose_name = _("échelle de relance")
        verbose_name_plural = _("échelles de relance")
        constraints = [
            models.UniqueConstraint(
                fields=["company"],
                condition=Q(is_default=True),
                name="ladder_one_default",
                nulls_distinct=False,
                violation_error_message=_("Il y a déjà une échelle par défaut."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class DunningStep(models.Model):
    """A step: `days` after the due date, negative before it, and what is sent then.

    Without words of its own it sends the built-in mail of its key, in the reader's language.
    """

    ladder = ParentalKey(DunningLadder, on_delete=models.CASCADE, related_name="steps")
    key = models.CharField(
        _("clé"),
        max_length=LONGEST_KEY,
        validators=[RegexValidator(r"^[a-z0-9_]+$", _("Des minuscules, chiffres et « _ »."))],
        help_text=_("Écrite dans l’historique des relances : ne la changez plus."),
    )
    days = models.SmallIntegerField(
        _("jours après l’échéance"),
        validators=[MinValueValidator(-60), MaxValueValidator(365)],
        help_text=_("Négatif : avant l’échéance."),
    )
    label = models.CharField(_("nom"), max_length=80)
    gap_days = models.PositiveSmallIntegerField(
        _("jours depuis la relance précédente"),
        default=0,
        help_text=_("Cette étape attend qu’une vraie relance soit partie depuis autant de jours."),
    )
    by_email = models.BooleanField(_("e-mail"), default=True)
    by_sms = models.BooleanField(_("SMS"), default=False)
    by_whatsapp = models.BooleanField(_("WhatsApp"), default=False)
    with_letter = models.BooleanField(_("lettre PDF jointe"), default=False)
    with_statement = models.BooleanField(_("avec le relevé des impayés"), default=False)
    copies_lead = models.BooleanField(_("copie à l’interlocuteur"), default=False)
    subject = models.CharField(_("objet"), max_length=200, blank=True)
    body = models.TextField(_("texte"), blank=True)
    short_text = models.CharField(_("texte court (SMS, WhatsApp)"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("étape")
        verbose_name_plural = _("étapes")
        ordering = ["days"]
        constraints = [
            models.UniqueConstraint(fields=["ladder", "key"], name="step_key_once"),
            models.UniqueConstraint(fields=["ladder", "days"], name="step_day_once"),
        ]

    def __str__(self) -> str:
        return self.label
