"""Entries of the journals, worked out from what happened. Validated, they never change."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from billing.accounting.chart import Journal
from billing.accounting.models.books import Books
from core.access.roles import Grant
from core.access.scope import Scope, ScopedQuerySet

OURS_ALONE = Scope(grant=Grant.VIEW_BILLING, only=Q(pk=None))  # no client reads our books


class Lettering(models.Model):
    """Lines of one account and one invoice that sum to nothing: what was asked is settled."""

    books = models.ForeignKey(Books, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(_("lettre"), max_length=8)
    invoice = models.ForeignKey("invoicing.Invoice", on_delete=models.PROTECT, related_name="+")
    account = models.CharField(_("compte"), max_length=13)
    first_on = models.DateField(_("du"))
    last_on = models.DateField(_("au"))

    class Meta:
        verbose_name = _("lettrage")
        verbose_name_plural = _("lettrages")
        constraints = [models.UniqueConstraint(fields=["books", "code"], name="lettering_once")]

    def __str__(self) -> str:
        return self.code


class JournalEntry(models.Model):
    """An entry. (`kind`, `source_id`) names the fact it stands for, once.

    Without `number` it is a draft: worked out again when settings change. Validated, it is kept
    as it is by the database itself; a correction is a new entry.
    """

    class Kind(models.TextChoices):
        INVOICE = "invoice", _("Facture")
        CREDIT_NOTE = "credit_note", _("Avoir")
        PAYMENT = "payment", _("Règlement")
        REFUND = "refund", _("Remboursement ou impayé")
        ALLOCATION = "allocation", _("Avance ou arrondi")
        ADJUSTMENT = "adjustment", _("Ajustement")
        FEE = "fee", _("Frais")
        CHEQUE = "cheque", _("Chèque encaissé")
        PAYOUT = "payout", _("Reversement, sortie")
        PAYOUT_IN = "payout_in", _("Reversement, entrée")

    books = models.ForeignKey(Books, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(_("nature"), max_length=12, choices=Kind.choices)
    source_id = models.BigIntegerField(editable=False)
    journal = models.CharField(_("journal"), max_length=10, choices=Journal.choices)
    fiscal_year = models.PositiveSmallIntegerField(_("exercice"))
    date = models.DateField(_("date"))
    piece = models.CharField(_("pièce"), max_length=60)
    piece_date = models.DateField(_("date de la pièce"))
    due_on = models.DateField(_("échéance"), null=True, blank=True)
    label = models.CharField(_("libellé"), max_length=200)
    currency = models.CharField(_("devise"), max_length=3, blank=True)
    total = models.BigIntegerField(_("montant"))
    posted_at = models.DateTimeField(_("passée le"))
    number = models.PositiveIntegerField(_("numéro"), null=True, blank=True)
    validated_at = models.DateTimeField(_("validée le"), null=True, blank=True)
    validated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    batch = models.ForeignKey(
        "accounting.ExportBatch",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="entries",
        verbose_name=_("export"),
    )

    class Meta:
        verbose_name = _("écriture")
        verbose_name_plural = _("écritures")
        permissions = [
            ("post_entries", _("Passer les écritures")),
            ("validate_entries", _("Valider les écritures et fermer une période")),
        ]
        constraints = [
            models.UniqueConstraint(fields=["kind", "source_id"], name="entry_of_fact_once"),
            models.UniqueConstraint(
                fields=["books", "fiscal_year", "number"], name="entry_number_once"
            ),
            models.CheckConstraint(
                condition=Q(number=None, validated_at=None, batch=None)
                | Q(number__gt=0, validated_at__isnull=False),
                name="entry_number_when_validated",
            ),
            models.CheckConstraint(condition=Q(total__gt=0), name="entry_total_positive"),
        ]
        indexes = [
            models.Index(fields=["books", "date", "id"], name="entry_by_date"),
            models.Index(
                fields=["books", "date", "id"], name="entry_draft", condition=Q(number=None)
            ),
            models.Index(
                fields=["books", "date"],
                name="entry_to_export",
                condition=Q(batch=None, number__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.piece} · {self.label}"


class EntryLine(models.Model):
    """A line of an entry: one account, one side, in our currency's smallest unit.

    `foreign` is the amount in the entry's currency. Lines of clients carry the auxiliary account
    and the invoice they are about.
    """

    entry = models.ForeignKey(JournalEntry, on_delete=models.CASCADE, related_name="lines")
    use = models.CharField(max_length=20, editable=False)
    account = models.CharField(_("compte"), max_length=13)
    account_label = models.CharField(_("intitulé"), max_length=80)
    client = models.ForeignKey(
        "accounts.Client",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("client"),
    )
    aux = models.CharField(_("auxiliaire"), max_length=17, blank=True)
    aux_label = models.CharField(_("tiers"), max_length=300, blank=True)
    invoice = models.ForeignKey(
        "invoicing.Invoice", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    debit = models.BigIntegerField(_("débit"), default=0)
    credit = models.BigIntegerField(_("crédit"), default=0)
    foreign = models.BigIntegerField(_("montant en devise"), null=True, blank=True)
    lettering = models.ForeignKey(
        Lettering,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="lines",
        verbose_name=_("lettrage"),
    )

    objects = ScopedQuerySet.as_manager()
    scope = OURS_ALONE

    class Meta:
        verbose_name = _("ligne d’écriture")
        verbose_name_plural = _("lignes d’écriture")
        constraints = [
            models.CheckConstraint(
                condition=Q(debit__gt=0, credit=0) | Q(debit=0, credit__gt=0),
                name="line_one_side",
            ),
        ]
        indexes = [
            models.Index(fields=["client", "entry"], name="line_of_client"),
            models.Index(
                fields=["invoice", "account"],
                name="line_to_letter",
                condition=Q(lettering=None, invoice__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.account_label}"

    @property
    def signed(self) -> int:
        return self.debit - self.credit


BALANCE = F("debit") - F("credit")
