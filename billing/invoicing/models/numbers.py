"""The counters behind the numbers of our papers."""

from django.contrib.admin import display
from django.db import models
from django.utils.translation import gettext_lazy as _


class NumberSeries(models.Model):
    """The last number given in a series, per company and year.

    Outside row-level security: a counter read through a client's eyes would start again.
    """

    class Prefix(models.TextChoices):
        INVOICE = "FAC", _("Factures")
        QUOTE = "DEV", _("Devis")
        CREDIT_NOTE = "AVO", _("Avoirs")
        RECEIPT = "REC", _("Reçus")

    company = models.ForeignKey("accounts.Company", on_delete=models.PROTECT, related_name="+")
    prefix = models.CharField(_("série"), max_length=3, choices=Prefix.choices)
    year = models.PositiveSmallIntegerField(_("année"))
    last = models.PositiveIntegerField(_("dernier numéro"), default=0)
    last_date = models.DateField(_("dernière date"), null=True, blank=True)

    class Meta:
        verbose_name = _("série de numéros")
        verbose_name_plural = _("séries de numéros")
        constraints = [
            models.UniqueConstraint(fields=["company", "prefix", "year"], name="series_once")
        ]

    def __str__(self) -> str:
        return f"{self.prefix}-{self.year}"

    @property
    @display(description=_("prochain numéro"))
    def next_number(self) -> str:
        """Return the number that the next paper of the series takes; none is ever skipped."""
        return f"{self.prefix}-{self.year}-{self.last + 1:04}"
