"""What the owner changed of a way to pay; a channel without a row follows the defaults."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ChannelSetting(models.Model):
    """One way to pay at one company. Amounts are minor units of `currency`; empty is no limit.

    `currencies` and `countries` narrow where it is offered; empty lists narrow nothing.
    """

    company = models.ForeignKey(
        "accounts.Company", on_delete=models.PROTECT, related_name="payment_channels"
    )
    channel = models.CharField(_("moyen"), max_length=20)
    is_enabled = models.BooleanField(_("proposé"), default=True)
    position = models.PositiveSmallIntegerField(_("rang"), default=0)
    provider = models.CharField(_("prestataire"), max_length=20, blank=True)
    currency = models.CharField(_("devise des montants"), max_length=3, default="XOF")
    min_amount = models.BigIntegerField(_("plus petit montant"), null=True, blank=True)
    max_amount = models.BigIntegerField(_("plus grand montant"), null=True, blank=True)
    daily_max = models.BigIntegerField(_("plafond par jour"), null=True, blank=True)
    currencies = models.JSONField(_("devises"), default=list, blank=True)
    countries = models.JSONField(_("pays"), default=list, blank=True)

    class Meta:
        verbose_name = _("moyen de paiement")
        verbose_name_plural = _("moyens de paiement")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["company", "channel"], name="channel_setting_once"),
            models.CheckConstraint(
                condition=models.Q(min_amount__isnull=True) | models.Q(min_amount__gt=0),
                name="channel_min_positive",
            ),
            models.CheckConstraint(
                condition=models.Q(max_amount__isnull=True) | models.Q(max_amount__gt=0),
                name="channel_max_positive",
            ),
            models.CheckConstraint(
                condition=models.Q(daily_max__isnull=True) | models.Q(daily_max__gt=0),
                name="channel_daily_positive",
            ),
            models.CheckConstraint(
                condition=models.Q(min_amount__isnull=True)
                | models.Q(max_amount__isnull=True)
                | models.Q(min_amount__lte=models.F("max_amount")),
                name="channel_min_below_max",
            ),
        ]

    def __str__(self) -> str:
        return self.channel
