"""Where our money is: bank accounts, wallets, the cash box."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.payments.models.means import PaymentMethod


class MoneyAccount(models.Model):
    """An account of our company. Shown to clients, it is where they may pay outside the portal.

    `statement_columns` is how its statements were read last: kept from one import to the next.
    """

    class Kind(models.TextChoices):
        BANK = "bank", _("Banque")
        WAVE = "wave", _("Wave")
        ORANGE = "orange", _("Orange Money")
        MTN = "mtn", _("MTN MoMo")
        MOOV = "moov", _("Moov Money")
        CASH = "cash", _("Caisse")

    WALLETS = (Kind.WAVE, Kind.ORANGE, Kind.MTN, Kind.MOOV)

    company = models.ForeignKey(
        "accounts.Company",
        on_delete=models.PROTECT,
        related_name="money_accounts",
        verbose_name=_("société"),
    )
    kind = models.CharField(_("nature"), max_length=10, choices=Kind.choices)
    name = models.CharField(_("nom"), max_length=80)
    number = models.CharField(
        _("numéro"),
        max_length=60,
        blank=True,
        help_text=_("Numéro marchand ou de téléphone, RIB ou IBAN."),
    )
    holder = models.CharField(_("titulaire"), max_length=120, blank=True)
    instructions = models.CharField(_("consigne pour le client"), max_length=300, blank=True)
    currency = models.CharField(_("devise"), max_length=3, default="XOF")
    opening_balance = models.BigIntegerField(
        _("solde de départ"), default=0, help_text=_("Dans la plus petite unité de la devise.")
    )
    opened_on = models.DateField(_("solde au"), null=True, blank=True)
    is_shown = models.BooleanField(_("proposé aux clients"), default=False)
    is_active = models.BooleanField(_("en service"), default=True)
    statement_columns = models.JSONField(default=dict, blank=True, editable=False)

    class Meta:
        verbose_name = _("compte de trésorerie")
        verbose_name_plural = _("comptes de trésorerie")
        ordering = ["kind", "name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["company", "kind", "number"],
                condition=~Q(number=""),
                name="money_account_once",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def method(self) -> str:
        """Return the means of a payment that comes to this account."""
        if self.kind in self.WALLETS:
            return PaymentMethod.MOBILE_MONEY
        is_bank = self.kind == self.Kind.BANK
        return PaymentMethod.TRANSFER if is_bank else PaymentMethod.CASH
