"""Receipts that anybody can verify, even without a network."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProofsConfig(AppConfig):
    name = "billing.proofs"
    label = "proofs"
    verbose_name = _("Preuves")
