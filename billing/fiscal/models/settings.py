"""How one of our companies certifies its papers."""

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Dated, Versioned


class FiscalSettings(Dated, Versioned):
    """The tax office of a company, and how to speak to it. Without a row, nothing is certified.

    An empty address or key stands for FNE_BASE_URL and FNE_API_KEY.
    """

    class Driver(models.TextChoices):
        NONE = "none", _("Aucune certification")
        FNE = "fne", _("FNE (DGI, Côte d’Ivoire)")

    class PaymentMethod(models.TextChoices):
        DEFERRED = "deferred", _("À terme")
        TRANSFER = "transfer", _("Virement")
        MOBILE_MONEY = "mobile-money", _("Mobile Money")
        CHECK = "check", _("Chèque")
        CARD = "card", _("Carte")
        CASH = "cash", _("Espèces")

    company = models.OneToOneField(
        "accounts.Company",
        on_delete=models.PROTECT,
        related_name="fiscal_settings",
        verbose_name=_("société"),
    )
    driver = models.CharField(
        _("certification"), max_length=10, choices=Driver.choices, default=Driver.NONE
    )
    base_url = models.CharField(
        _("adresse de l’API"),
        max_length=200,
        blank=True,
        validators=[RegexValidator(r"^https?://[^\s/?#]+[^\s?#]*$", _("Une adresse web."))],
        help_text=_("Celle que la DGI a donnée, jusqu’avant « /external ». Vide : FNE_BASE_URL."),
    )
    key_encrypted = models.TextField(blank=True, editable=False)
    point_of_sale = models.CharField(
        _("point de vente"),
        max_length=120,
        blank=True,
        help_text=_("Son nom exact sur le portail, créé comme « Application FNE »."),
    )
    establishment = models.CharField(
        _("établissement"), max_length=120, blank=True, help_text=_("Son nom exact sur le portail.")
    )
    commercial_message = models.CharField(_("message commercial"), max_length=140, blank=True)
    payment_method = models.CharField(
        _("mode de paiement déclaré"),
        max_length=15,
        choices=PaymentMethod.choices,
        default=PaymentMethod.DEFERRED,
    )
    sends_proforma = models.BooleanField(
        _("envoyer une proforma sans attendre"),
        default=False,
        help_text=_("Sinon, le courriel d’une facture attend qu’elle soit certifiée."),
    )
    sticker_threshold = models.PositiveIntegerField(
        _("alerte sous (stickers)"),
        default=20,
        help_text=_("L’équipe est prévenue une fois quand le stock descend à ce nombre."),
    )
    sticker_balance = models.IntegerField(_("stickers restants"), null=True, editable=False)
    sticker_told = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("certification fiscale")
        verbose_name_plural = _("certification fiscale")

    def __str__(self) -> str:
        return f"{self.company} · {self.get_driver_display()}"

    @property
    def is_short_of_stickers(self) -> bool:
        """Tell whether the stock is at its threshold or below."""
        return self.sticker_balance is not None and self.sticker_balance <= self.sticker_threshold
