"""The proof of a client's answer to a quote. Written once, never changed."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from billing.invoicing.models.quotes import Quote
from core.access.roles import Grant
from core.access.scope import Scope, ScopedQuerySet


class QuoteAnswer(models.Model):
    """Who answered a quote, when, from where, and the fingerprint of the PDF they had before them.

    Append-only. The PDF shows all options; `options` and `total` say which of them were taken.
    `statement` is the sentence agreed to, or the reason of a refusal.
    """

    class Kind(models.TextChoices):
        ACCEPTED = "accepted", _("Accepté")
        REFUSED = "refused", _("Refusé")

    client = models.ForeignKey(
        "accounts.Client", on_delete=models.PROTECT, editable=False, related_name="+"
    )
    quote = models.OneToOneField(Quote, on_delete=models.PROTECT, related_name="answer")
    kind = models.CharField(_("réponse"), max_length=10, choices=Kind.choices)
    name = models.CharField(_("signé par"), max_length=200)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    statement = models.TextField(_("déclaration"))
    answered_at = models.DateTimeField(_("le"))
    ip = models.GenericIPAddressField(_("adresse IP"), null=True, blank=True)
    user_agent = models.CharField(_("navigateur"), max_length=300, blank=True)
    # The options agreed to, [{label, amount}] as the statement names them, and the total with them.
    options = models.JSONField(_("options retenues"), default=list)
    total = models.BigIntegerField(_("total accepté"), null=True, blank=True)
    pdf_sha256 = models.CharField(_("empreinte du PDF"), max_length=64, blank=True)
    certificate = models.ForeignKey(
        "files.StoredFile",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )

    objects = ScopedQuerySet.as_manager()
    scope = Scope(grant=Grant.VIEW_BILLING)

    class Meta:
        verbose_name = _("réponse à un devis")
        verbose_name_plural = _("réponses à un devis")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind="refused") | ~models.Q(pdf_sha256=""),
                name="answer_accepts_a_pdf",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.name}"
