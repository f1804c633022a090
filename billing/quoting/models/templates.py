"""A quote to start from: texts, conditions, lines and plan, without a client."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from billing.invoicing.models import Instalment
from billing.invoicing.models.fields import FigureField
from core.accounts.models.companies import VatCode
from core.models import Dated


class QuoteTemplate(Dated, ClusterableModel):
    """A model of a quote. A quote made from it is a copy: changing one leaves the other."""

    company = models.ForeignKey(
        "accounts.Company", on_delete=models.PROTECT, related_name="+", verbose_name=_("société")
    )
    name = models.CharField(_("nom du modèle"), max_length=120, unique=True)
    subject = models.CharField(_("objet"), max_length=300)
    intro = models.TextField(_("introduction"), blank=True)
    notes = models.TextField(_("conditions et mentions"), blank=True)
    currency = models.CharField(_("devise"), max_length=3, default="XOF")
    valid_days = models.PositiveSmallIntegerField(
        _("validité (jours)"),
        default=30,
        validators=[MinValueValidator(1), MaxValueValidator(365)],
    )
    discount_percent = FigureField(
        _("remise globale (%)"),
        max_digits=5,
        decimal_places=2,
        default=Decimal(0),
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    price_includes_vat = models.BooleanField(_("prix TTC"), default=False)
    is_active = models.BooleanField(_("proposé"), default=True)

    class Meta:
        verbose_name = _("modèle de devis")
        verbose_name_plural = _("modèles de devis")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class QuoteTemplateLine(models.Model):
    """A line of a model, with the figures a quote starts from."""

    template = ParentalKey(QuoteTemplate, on_delete=models.CASCADE, related_name="lines")
    section = models.CharField(_("rubrique"), max_length=120, blank=True)
    label = models.CharField(_("désignation"), max_length=300)
    detail = models.TextField(_("détail"), blank=True)
    quantity = FigureField(
        _("quantité"),
        max_digits=12,
        decimal_places=3,
        default=Decimal(1),
        validators=[MinValueValidator(Decimal("0.001")), MaxValueValidator(Decimal(1_000_000))],
    )
    unit = models.CharField(_("unité"), max_length=20, blank=True)
    unit_price = FigureField(
        _("prix unitaire"),
        max_digits=18,
        decimal_places=4,
        validators=[MinValueValidator(0), MaxValueValidator(Decimal(10**12))],
    )
    discount_percent = FigureField(
        _("remise (%)"),
        max_digits=5,
        decimal_places=2,
        default=Decimal(0),
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    discount_amount = models.BigIntegerField(
        _("remise (montant)"), default=0, validators=[MinValueValidator(0)]
    )
    vat_rate = FigureField(
        _("TVA (%)"),
        max_digits=5,
        decimal_places=2,
        default=Decimal(18),
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    vat_code = models.CharField(
        _("nature de TVA"), max_length=4, blank=True, choices=VatCode.choices
    )
    is_option = models.BooleanField(
        _("option"), default=False, help_text=_("Le client choisit de la prendre ou non.")
    )
    sort_order = models.IntegerField(default=0, editable=False)

    sort_order_field = "sort_order"

    class Meta:
        verbose_name = _("ligne de modèle")
        verbose_name_plural = _("lignes de modèle")

    def __str__(self) -> str:
        return self.label


class QuoteTemplateInstalment(Instalment):
    """A part of the plan of a model."""

    template = ParentalKey(QuoteTemplate, on_delete=models.CASCADE, related_name="instalments")

    class Meta:
        verbose_name = _("échéance de modèle")
        verbose_name_plural = _("échéancier de modèle")
