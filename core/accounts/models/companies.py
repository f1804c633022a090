"""Our own legal entity: what stands at the head and the foot of every paper we send."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from core.models import Dated, Versioned

NCC = RegexValidator(
    r"^\d{7} ?[A-Z]$", _("Un compte contribuable (NCC) a sept chiffres et une lettre : 1234567A.")
)


class Company(Dated, Versioned, ClusterableModel):
    """The agency as a legal person. One row today; each number series belongs to one."""

    class TaxRegime(models.TextChoices):
        RNI = "rni", _("Réel normal (RNI)")
        RSI = "rsi", _("Réel simplifié (RSI)")
        RME = "rme", _("Microentreprise (RME)")
        TEE = "tee", _("Taxe d’État de l’entreprenant (TEE)")

    name = models.CharField(_("nom d’usage"), max_length=120)
    legal_name = models.CharField(_("raison sociale"), max_length=200)
    legal_form = models.CharField(_("forme juridique"), max_length=60, blank=True)
    share_capital = models.BigIntegerField(_("capital social"), null=True, blank=True)
    rccm = models.CharField("RCCM", max_length=60, blank=True)
    ncc = models.CharField("NCC", max_length=10, blank=True, validators=[NCC])
    idu = models.CharField(
        "IDU", max_length=30, blank=True, help_text=_("L’identifiant unique de l’entreprise.")
    )
    tax_regime = models.CharField(
        _("régime d’imposition"),
        max_length=4,
        choices=TaxRegime.choices,
        default=TaxRegime.RSI,
        help_text=_("Les régimes RME et TEE ne facturent pas la TVA."),
    )
    tax_office = models.CharField(_("centre des impôts"), max_length=120, blank=True)
    address = models.TextField(_("adresse"), blank=True)
    city = models.CharField(_("ville"), max_length=120, blank=True)
    country = models.CharField(_("pays (code à deux lettres)"), max_length=2, default="CI")
    phone = models.CharField(_("téléphone"), max_length=30, blank=True)
    email = models.EmailField(_("adresse e-mail"), blank=True)
    website = models.CharField(_("site web"), max_length=120, blank=True)
    bank_name = models.CharField(_("banque"), max_length=120, blank=True)
    bank_account = models.CharField(_("compte bancaire (RIB ou IBAN)"), max_length=60, blank=True)
    wallets = models.TextField(
        _("Mobile Money"), blank=True, help_text=_("Un compte par ligne : Wave 07 00 00 00 00")
    )
    currency = models.CharField(_("devise"), max_length=3, default="XOF")
    logo = models.ForeignKey(
        "wagtailimages.Image",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("logo"),
    )
    logo_dark = models.ForeignKey(
        "wagtailimages.Image",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("logo sur fond sombre"),
    )
    accent_color = models.CharField(
        _("couleur d’accent"),
        max_length=7,
        default="#1d3fff",
        validators=[RegexValidator(r"^#[0-9a-fA-F]{6}$", _("Une couleur s’écrit #1d3fff."))],
        help_text=_("Assombrie ou éclaircie au besoin pour rester lisible."),
    )
    payment_term_days = models.PositiveSmallIntegerField(_("délai de paiement (jours)"), default=14)
    invoice_terms = models.TextField(_("conditions en pied de facture"), blank=True)
    send_on_issue = models.BooleanField(
        _("envoyer les factures dès leur émission"),
        default=False,
        help_text=_("Sinon, le bouton « Envoyer » attend une personne."),
    )
    lead = models.ForeignKey(
        "accounts.User",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("interlocuteur par défaut"),
    )

    class Meta:
        verbose_name = _("société")
        verbose_name_plural = _("sociétés")

    def __str__(self) -> str:
        return self.name

    @property
    def charges_vat(self) -> bool:
        """Tell whether the tax regime charges VAT at all."""
        return self.tax_regime in (self.TaxRegime.RNI, self.TaxRegime.RSI)


class VatCode(models.TextChoices):
    """What a rate is for the tax office; the values are those of the FNE."""

    NORMAL = "TVA", _("TVA, taux normal")
    REDUCED = "TVAB", _("TVA, taux réduit")
    EXEMPT_BY_AGREEMENT = "TVAC", _("Exonération conventionnelle")
    EXEMPT_BY_LAW = "TVAD", _("Exonération légale")
    EXPORT = "TVAE", _("Exportation")


class VatRate(models.Model):
    """A rate of VAT that lines may carry, in percent, while it is in force."""

    company = ParentalKey(Company, on_delete=models.CASCADE, related_name="vat_rates")
    label = models.CharField(_("libellé"), max_length=60)
    rate = models.DecimalField(
        _("taux (%)"),
        max_digits=5,
        decimal_places=2,
        default=Decimal("18"),
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    code = models.CharField(
        _("nature"), max_length=4, choices=VatCode.choices, default=VatCode.NORMAL
    )
    legal_text = models.CharField(
        _("mention légale"),
        max_length=300,
        blank=True,
        help_text=_("Imprimée sous les totaux : le texte qui fonde une exonération."),
    )
    valid_from = models.DateField(_("en vigueur du"), null=True, blank=True)
    valid_until = models.DateField(_("au"), null=True, blank=True)
    is_default = models.BooleanField(_("proposé d’abord"), default=False)

    class Meta:
        verbose_name = _("taux de TVA")
        verbose_name_plural = _("taux de TVA")
        constraints = [
            models.UniqueConstraint(fields=["company", "rate", "label"], name="vat_rate_once")
        ]

    def __str__(self) -> str:
        return self.label


class TaxRule(models.Model):
    """A tax beside VAT, in force between two dates: kept back by the client, or added by us.

    A withholding (retenue à la source) lowers what is paid to us; an added tax (AIRSI) raises
    what is asked. Rates change every year: they are data.
    """

    class Kind(models.TextChoices):
        WITHHELD = "withheld", _("Retenue par le client")
        ADDED = "added", _("Ajoutée à la facture")

    class Base(models.TextChoices):
        NET = "net", _("Sur le hors taxes")
        TOTAL = "total", _("Sur le toutes taxes comprises")

    company = ParentalKey(Company, on_delete=models.CASCADE, related_name="tax_rules")
    kind = models.CharField(_("nature"), max_length=10, choices=Kind.choices)
    label = models.CharField(_("libellé"), max_length=60)
    rate = models.DecimalField(
        _("taux (%)"),
        max_digits=5,
        decimal_places=2,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    base = models.CharField(_("base"), max_length=10, choices=Base.choices, default=Base.NET)
    legal_text = models.CharField(_("mention légale"), max_length=300, blank=True)
    valid_from = models.DateField(_("en vigueur du"), null=True, blank=True)
    valid_until = models.DateField(_("au"), null=True, blank=True)

    class Meta:
        verbose_name = _("retenue ou taxe")
        verbose_name_plural = _("retenues et taxes")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_from=None)
                | models.Q(valid_until=None)
                | models.Q(valid_until__gte=models.F("valid_from")),
                name="tax_rule_dates",
            )
        ]

    def __str__(self) -> str:
        return self.label
