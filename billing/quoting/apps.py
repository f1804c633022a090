"""Templates of quotes, what a quote is billed in, and its turning into a project and invoices."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class QuotingConfig(AppConfig):
    name = "billing.quoting"
    label = "quoting"
    verbose_name = _("Préparation des devis")
