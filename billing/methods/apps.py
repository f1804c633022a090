"""Ways to be paid: the providers' accounts, the channels offered, their order and limits."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MethodsConfig(AppConfig):
    name = "billing.methods"
    label = "methods"
    verbose_name = _("Moyens de paiement")
