"""What was handed over to an accountant: the file as it was, and the entries it took."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.accounting.models.books import Books


class ExportBatch(models.Model):
    """A file for an accountant, kept as it was made: taken again, its bytes are the same.

    A transfer takes entries that no other has taken, so that nothing is imported twice. A copy
    (the FEC) holds all of a period and takes nothing.
    """

    class Format(models.TextChoices):
        SAGE = "sage", _("Sage 100, texte")
        PNM = "pnm", _("Sage, PNM")
        CSV = "csv", _("Tableur, CSV")
        XLSX = "xlsx", _("Tableur, Excel")
        FEC = "fec", _("Format FEC, copie de la période")

    class Scope(models.TextChoices):
        ALL = "", _("Tous les journaux")
        SALES = "sales", _("Ventes et avoirs")
        RECEIPTS = "receipts", _("Encaissements et remboursements")
        FEES = "fees", _("Frais et reversements")
        CREDIT_NOTES = "credit_notes", _("Avoirs")

    class State(models.TextChoices):
        WAITING = "waiting", _("En préparation")
        READY = "ready", _("Prêt")
        CANCELLED = "cancelled", _("Annulé")

    books = models.ForeignKey(Books, on_delete=models.PROTECT, related_name="batches")
    number = models.PositiveIntegerField(_("export n°"))
    format = models.CharField(_("format"), max_length=6, choices=Format.choices)
    scope = models.CharField(
        _("contenu"), max_length=12, choices=Scope.choices, blank=True, default=Scope.ALL
    )
    start = models.DateField(_("du"))
    end = models.DateField(_("au"))
    state = models.CharField(
        _("état"), max_length=10, choices=State.choices, default=State.WAITING, editable=False
    )
    entry_count = models.PositiveIntegerField(_("écritures"), default=0)
    line_count = models.PositiveIntegerField(_("lignes"), default=0)
    total = models.BigIntegerField(_("total"), default=0)
    name = models.CharField(_("fichier"), max_length=120, blank=True)
    key = models.CharField(max_length=200, blank=True, editable=False)
    size = models.PositiveBigIntegerField(_("taille (octets)"), default=0)
    sha256 = models.CharField(_("empreinte SHA-256"), max_length=64, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("demandé par"),
    )
    made_at = models.DateTimeField(_("demandé le"))
    cancelled_at = models.DateTimeField(_("annulé le"), null=True, blank=True)
    cancelled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("annulé par"),
    )
    reason = models.CharField(_("motif de l’annulation"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("export comptable")
        verbose_name_plural = _("exports comptables")
        permissions = [("export_entries", _("Exporter les écritures"))]
        constraints = [
            models.UniqueConstraint(fields=["books", "number"], name="batch_number_once"),
            models.CheckConstraint(condition=Q(start__lte=models.F("end")), name="batch_dates"),
            models.CheckConstraint(
                condition=~Q(state="ready") | (~Q(key="") & ~Q(sha256="")), name="batch_has_bytes"
            ),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.number}"

    @property
    def takes_entries(self) -> bool:
        """Tell whether it takes entries, so that no other export does."""
        return self.format != self.Format.FEC
