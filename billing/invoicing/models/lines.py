"""What quotes, invoices and credit notes share: the paper itself, and its lines."""

from decimal import Decimal

from django.contrib.admin import display
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from billing.invoicing.models.fields import FigureField
from core.accounts.models.companies import VatCode
from core.models import Dated, Versioned
from core.search import search_text


class Paper(Dated, Versioned):
    """A numbered paper to a client, with amounts in whole units of its currency."""

    company = models.ForeignKey(
        "accounts.Company", on_delete=models.PROTECT, related_name="+", verbose_name=_("société")
    )
    client = models.ForeignKey(
        "accounts.Client",
        on_delete=models.PROTECT,
        related_name="%(class)ss",
        verbose_name=_("client"),
    )
    project = models.ForeignKey(
        "projects.Project",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="%(class)ss",
        verbose_name=_("projet"),
    )
    number = models.CharField(_("numéro"), max_length=30, blank=True, editable=False)
    subject = models.CharField(_("objet"), max_length=300)
    currency = models.CharField(_("devise"), max_length=3, default="XOF")
    issue_date = models.DateField(_("émise le"), null=True, blank=True, editable=False)
    issued_at = models.DateTimeField(_("émise à"), null=True, blank=True, editable=False)
    discount_percent = FigureField(
        _("remise globale (%)"),
        max_digits=5,
        decimal_places=2,
        default=Decimal(0),
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    discount_amount = models.BigIntegerField(
        _("remise globale (montant)"), default=0, validators=[MinValueValidator(0)]
    )
    price_includes_vat = models.BooleanField(_("prix TTC"), default=False)
    exchange_rate = FigureField(
        _("cours en francs CFA"),
        max_digits=14,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.000001"))],
        help_text=_("Pour une devise étrangère : francs CFA pour une unité, gardé à l’émission."),
    )
    withheld_rule = models.ForeignKey(
        "accounts.TaxRule",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        limit_choices_to={"kind": "withheld"},
        verbose_name=_("retenue à la source"),
    )
    added_rule = models.ForeignKey(
        "accounts.TaxRule",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        limit_choices_to={"kind": "added"},
        verbose_name=_("taxe ajoutée"),
    )
    # As computed: [{kind, label, rate, base, amount, legal_text}], each tax beside VAT.
    taxes = models.JSONField(default=list, editable=False)
    total_added = models.BigIntegerField(_("autres taxes"), default=0, editable=False)
    total_withheld = models.BigIntegerField(_("retenue"), default=0, editable=False)
    total_net = models.BigIntegerField(_("total HT"), default=0, editable=False)
    total_vat = models.BigIntegerField(_("total TVA"), default=0, editable=False)
    total = models.BigIntegerField(_("total TTC"), default=0, editable=False)
    vat_groups = models.JSONField(default=list, editable=False)  # [{rate, base, vat}] as stored
    seller = models.JSONField(default=dict, editable=False)  # our side, as it was when issued
    buyer = models.JSONField(default=dict, editable=False)  # the client’s side, likewise
    notes = models.TextField(_("mentions"), blank=True)
    pdf = models.ForeignKey(
        "files.StoredFile",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )
    pdf_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    search_norm = models.TextField(editable=False, default="")
    search_vector = models.GeneratedField(
        expression=SearchVector("search_norm", config="simple"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.number or str(_("Brouillon · %(subject)s") % {"subject": self.subject})

    @display(description=_("Numéro"))
    def short_name(self) -> str:
        """Return the number, or the word for a paper without one, for a list with its subject."""
        return self.number or str(_("Brouillon"))

    def searched_texts(self) -> tuple[str, ...]:
        """Return what a person may type to find the paper."""
        return (self.number, self.subject, self.client.name)

    def save(self, *args, **kwargs) -> None:
        self.search_norm = search_text(*self.searched_texts())
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "search_norm"}
        super().save(*args, **kwargs)


class PaperLine(models.Model):
    """A line of a paper. Quantity × unit price, less its discounts, before VAT."""

    client = models.ForeignKey(
        "accounts.Client", on_delete=models.PROTECT, editable=False, related_name="+"
    )
    section = models.CharField(
        _("rubrique"), max_length=120, blank=True, help_text=_("Un titre au-dessus de la ligne.")
    )
    label = models.CharField(_("désignation"), max_length=300)
    detail = models.TextField(_("détail"), blank=True)
    quantity = FigureField(
        _("quantité"),
        max_digits=12,
        decimal_places=3,
        default=Decimal(1),
        validators=[MinValueValidator(Decimal("0.001")), MaxValueValidator(Decimal(1_000_000))],
    )
    unit_price = FigureField(
        _("prix unitaire HT"),
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
    unit = models.CharField(_("unité"), max_length=20, blank=True)
    vat_code = models.CharField(
        _("nature de TVA"), max_length=4, blank=True, choices=VatCode.choices
    )
    vat_text = models.CharField(max_length=300, blank=True, editable=False)  # why there is none
    vat_rate = FigureField(
        _("TVA (%)"),
        max_digits=5,
        decimal_places=2,
        default=Decimal(18),
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    net = models.BigIntegerField(_("montant HT"), default=0, editable=False)
    sort_order = models.IntegerField(default=0, editable=False)

    sort_order_field = "sort_order"

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.label

    def save(self, *args, **kwargs) -> None:
        self.client_id = self.paper.client_id
        super().save(*args, **kwargs)
