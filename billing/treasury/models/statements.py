"""Statements of our accounts, as the bank or the operator wrote them, and what each line is."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.payments.models import MoneyAccount, Payment
from billing.treasury.models.settlements import Payout
from core.money import format_amount


class StatementFile(models.Model):
    """One file brought in. The same bytes are taken once per account."""

    account = models.ForeignKey(
        MoneyAccount, on_delete=models.PROTECT, related_name="+", verbose_name=_("compte")
    )
    name = models.CharField(_("fichier"), max_length=200)
    sha256 = models.CharField(max_length=64)
    lines_read = models.PositiveIntegerField(_("lignes lues"))
    lines_known = models.PositiveIntegerField(_("déjà connues"), default=0)
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("importé par"),
    )
    imported_at = models.DateTimeField(_("importé le"))

    class Meta:
        verbose_name = _("relevé importé")
        verbose_name_plural = _("relevés importés")
        constraints = [
            models.UniqueConstraint(fields=["account", "sha256"], name="statement_file_once")
        ]

    def __str__(self) -> str:
        return self.name


class StatementLine(models.Model):
    """A movement of an account. Money in is positive. The same movement is taken once."""

    class State(models.TextChoices):
        OPEN = "open", _("À rapprocher")
        MATCHED = "matched", _("Rapprochée")
        IGNORED = "ignored", _("Ignorée")

    account = models.ForeignKey(
        MoneyAccount, on_delete=models.PROTECT, related_name="lines", verbose_name=_("compte")
    )
    file = models.ForeignKey(
        StatementFile, on_delete=models.PROTECT, related_name="lines", verbose_name=_("relevé")
    )
    position = models.PositiveIntegerField(_("ligne"))
    fingerprint = models.CharField(max_length=64)
    booked_on = models.DateField(_("date"))
    amount = models.BigIntegerField(_("montant"))
    currency = models.CharField(_("devise"), max_length=3, default="XOF")
    label = models.CharField(_("libellé"), max_length=300, blank=True)
    reference = models.CharField(_("référence"), max_length=100, blank=True)
    sender = models.CharField(_("émetteur"), max_length=160, blank=True)
    state = models.CharField(_("état"), max_length=10, choices=State.choices, default=State.OPEN)
    reason = models.CharField(_("motif"), max_length=300, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("traitée par"),
    )
    decided_at = models.DateTimeField(_("traitée le"), null=True, blank=True)

    class Meta:
        verbose_name = _("ligne de relevé")
        verbose_name_plural = _("lignes de relevé")
        constraints = [
            models.UniqueConstraint(fields=["account", "fingerprint"], name="statement_line_once"),
            models.CheckConstraint(condition=~Q(amount=0), name="statement_line_moves"),
        ]
        indexes = [
            models.Index(fields=["-booked_on", "-id"], name="statement_line_newest"),
            models.Index(
                fields=["account", "booked_on"],
                name="statement_line_open",
                condition=Q(state="open"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.booked_on:%d/%m/%Y} · {format_amount(self.amount, self.currency)}"


class LineMatch(models.Model):
    """So much of a line is this payment, or this payout. Sums never exceed either side."""

    line = models.ForeignKey(StatementLine, on_delete=models.PROTECT, related_name="matches")
    payment = models.ForeignKey(
        Payment, null=True, blank=True, on_delete=models.PROTECT, related_name="matches"
    )
    payout = models.ForeignKey(
        Payout, null=True, blank=True, on_delete=models.PROTECT, related_name="matches"
    )
    amount = models.BigIntegerField(_("montant"))

    class Meta:
        verbose_name = _("rapprochement")
        verbose_name_plural = _("rapprochements")
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="line_match_positive"),
            models.CheckConstraint(
                condition=Q(payment=None, payout__isnull=False)
                | Q(payment__isnull=False, payout=None),
                name="line_match_one_side",
            ),
            models.UniqueConstraint(fields=["line", "payment"], name="line_match_payment_once"),
            models.UniqueConstraint(fields=["line", "payout"], name="line_match_payout_once"),
        ]

    def __str__(self) -> str:
        return f"{self.line_id} = {self.payment_id or self.payout_id}"
