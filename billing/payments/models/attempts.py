"""A try to pay through a provider, and everything heard about it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.invoicing.models import Invoice, PayLink
from billing.methods.models import ProviderAccount
from core.access.roles import Grant
from core.access.scope import Scope, ScopedQuerySet


class PaymentAttempt(models.Model):
    """One try. `amount` and `currency` never change: the provider must confirm them exactly.

    It pays an invoice, or an opportunity that was won before there is one: `label` then says what
    for, and the money is the client's credit.

    `failed` and `expired` are soft: money may still come, and is then honoured. `account` is
    ours at the provider, None for the keys of the environment; `notify_digest` the SHA-256 of
    the token by which some providers show that a notification is theirs.
    """

    class State(models.TextChoices):
        CREATED = "created", _("Préparée")
        PENDING = "pending", _("En attente")
        SUCCEEDED = "succeeded", _("Payée")
        FAILED = "failed", _("Échouée")
        EXPIRED = "expired", _("Expirée")
        REVIEW = "review", _("À vérifier")

    LIVE = (State.CREATED, State.PENDING)

    client = models.ForeignKey(
        "accounts.Client", on_delete=models.PROTECT, editable=False, related_name="+"
    )
    invoice = models.ForeignKey(
        Invoice,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="attempts",
        verbose_name=_("facture"),
    )
    opportunity = models.ForeignKey(
        "crm.Opportunity",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="attempts",
        verbose_name=_("opportunité"),
    )
    label = models.CharField(_("objet du paiement"), max_length=200, blank=True, editable=False)
    reference = models.CharField(_("référence"), max_length=20, unique=True)
    provider = models.CharField(_("prestataire"), max_length=20)
    account = models.ForeignKey(
        ProviderAccount,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("compte"),
    )
    channel = models.CharField(_("moyen"), max_length=20, blank=True)
    amount = models.BigIntegerField(_("montant"))
    currency = models.CharField(_("devise"), max_length=3, default="XOF")
    state = models.CharField(_("état"), max_length=10, choices=State.choices, default=State.CREATED)
    provider_token = models.CharField(max_length=200, blank=True, db_index=True)
    provider_reference = models.CharField(_("référence opérateur"), max_length=100, blank=True)
    notify_digest = models.CharField(max_length=64, blank=True, editable=False, db_index=True)
    method = models.CharField(_("opérateur"), max_length=30, blank=True)
    payer_phone = models.CharField(_("numéro du payeur"), max_length=30, blank=True)
    payer_name = models.CharField(_("payé par"), max_length=120, blank=True)
    redirect_url = models.CharField(max_length=500, blank=True)
    idempotency_key = models.CharField(max_length=64, blank=True)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("lancée par"),
    )
    pay_link = models.ForeignKey(
        PayLink,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="attempts",
        verbose_name=_("lien de paiement"),
    )
    last_code = models.CharField(_("dernier code"), max_length=40, blank=True)
    last_message = models.CharField(_("dernier message"), max_length=300, blank=True)
    checks = models.PositiveIntegerField(_("vérifications"), default=0)
    last_checked_at = models.DateTimeField(_("vérifiée le"), null=True, blank=True)
    next_check_at = models.DateTimeField(_("prochaine vérification"), null=True, blank=True)
    is_test = models.BooleanField(_("bac à sable"), default=False)
    created_at = models.DateTimeField(_("créée le"))
    expires_at = models.DateTimeField(_("expire le"), null=True, blank=True)
    ended_at = models.DateTimeField(_("terminée le"), null=True, blank=True)

    objects = ScopedQuerySet.as_manager()
    scope = Scope(grant=Grant.VIEW_BILLING)

    class Meta:
        verbose_name = _("tentative de paiement")
        verbose_name_plural = _("tentatives de paiement")
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="attempt_amount_positive"),
            models.UniqueConstraint(
                fields=["invoice"],
                condition=Q(state__in=["created", "pending"]),
                name="attempt_one_live",
            ),
            models.CheckConstraint(
                condition=Q(invoice=None, opportunity__isnull=False)
                | Q(invoice__isnull=False, opportunity=None),
                name="attempt_of_one_thing",
            ),
            models.UniqueConstraint(
                fields=["opportunity"],
                condition=Q(state__in=["created", "pending"]),
                name="attempt_one_live_of_sale",
            ),
            models.UniqueConstraint(
                fields=["invoice", "idempotency_key"],
                condition=~Q(idempotency_key=""),
                name="attempt_idempotent",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_check_at"],
                name="attempt_to_check",
                condition=Q(next_check_at__isnull=False),
            ),
            models.Index(fields=["-created_at", "-id"], name="attempt_newest"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_live(self) -> bool:
        return self.state in self.LIVE

    @property
    def about(self) -> str:
        """Return what it pays: the number of the invoice, else the words chosen for a sale."""
        return self.label if self.invoice is None else self.invoice.number


class AttemptEvent(models.Model):
    """What was heard about an attempt: a check, a notification, a return. Append-only.

    `raw` is what the provider said, with secrets taken out and cut at a size; `amount` and
    `currency` are what it says was paid, if it says so.
    """

    class Source(models.TextChoices):
        START = "start", _("Ouverture")
        CHECK = "check", _("Vérification")
        NOTIFICATION = "notification", _("Notification")
        RETURN = "return", _("Retour du client")
        MANUAL = "manual", _("Équipe")

    client = models.ForeignKey(
        "accounts.Client", on_delete=models.PROTECT, editable=False, related_name="+"
    )
    attempt = models.ForeignKey(PaymentAttempt, on_delete=models.PROTECT, related_name="events")
    source = models.CharField(_("source"), max_length=12, choices=Source.choices)
    state = models.CharField(_("état annoncé"), max_length=20, blank=True)
    code = models.CharField(_("code"), max_length=40, blank=True)
    message = models.CharField(_("message"), max_length=300, blank=True)
    outcome = models.CharField(_("effet"), max_length=40, blank=True)
    amount = models.BigIntegerField(_("montant annoncé"), null=True, blank=True)
    currency = models.CharField(_("devise annoncée"), max_length=3, blank=True)
    raw = models.JSONField(_("brut"), default=dict)
    happened_at = models.DateTimeField(_("le"))

    objects = ScopedQuerySet.as_manager()
    scope = Scope(grant=Grant.VIEW_BILLING, only=Q(pk=None))  # raw words of a provider: ours

    class Meta:
        verbose_name = _("événement de tentative")
        verbose_name_plural = _("événements de tentative")
        indexes = [models.Index(fields=["attempt", "happened_at"], name="event_of_attempt")]

    def __str__(self) -> str:
        return f"{self.get_source_display()} {self.code}"
