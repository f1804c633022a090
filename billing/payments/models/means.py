"""How money comes."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PaymentMethod(models.TextChoices):
    """How money came."""

    MOBILE_MONEY = "mobile_money", _("Mobile Money")
    CARD = "card", _("Carte bancaire")
    TRANSFER = "transfer", _("Virement")
    CHEQUE = "cheque", _("Chèque")
    CASH = "cash", _("Espèces")
