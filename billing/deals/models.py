"""What became of opportunities that were won: how they are paid, what was made of them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.invoicing.models import Quote
from billing.payments.models import Payment, PaymentAttempt
from core.access.scope import ClientOwned, ScopedQuerySet
from core.models import Dated
from portal.crm.models import Opportunity
from portal.crm.models.opportunities import OURS_ALONE
from portal.projects.models import Project


class DealPayment(Dated, ClientOwned):
    """The payment of an opportunity by a link: one row each, with the link of now.

    `amount` is what the link asks, in minor units; `session_id` what the provider calls it. Paid
    is final, unless all of the money is given back.
    """

    class State(models.TextChoices):
        WAITING = "en_attente", _("En attente")
        PAID = "paye", _("Payé")
        RETURNED = "rembourse", _("Remboursé")

    opportunity = models.OneToOneField(
        Opportunity,
        on_delete=models.PROTECT,
        related_name="deal_payment",
        verbose_name=_("opportunité"),
    )
    attempt = models.ForeignKey(
        PaymentAttempt, on_delete=models.PROTECT, related_name="+", verbose_name=_("tentative")
    )
    payment = models.OneToOneField(
        Payment,
        null=True,
        on_delete=models.PROTECT,
        related_name="deal",
        verbose_name=_("paiement"),
    )
    state = models.CharField(_("état"), max_length=10, choices=State.choices, default=State.WAITING)
    provider = models.CharField(_("prestataire"), max_length=20)
    session_id = models.CharField(_("session du prestataire"), max_length=200, blank=True)
    url = models.CharField(_("lien de paiement"), max_length=500)
    amount = models.BigIntegerField(_("montant"))
    currency = models.CharField(_("devise"), max_length=3)
    expires_at = models.DateTimeField(_("expire le"), null=True)
    paid_at = models.DateTimeField(_("payé le"), null=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("lien créé par"),
    )

    objects = ScopedQuerySet.as_manager()
    scope = OURS_ALONE

    class Meta:
        verbose_name = _("paiement d’opportunité")
        verbose_name_plural = _("paiements d’opportunités")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="en_attente", payment=None, paid_at=None)
                | Q(state__in=["paye", "rembourse"], payment__isnull=False, paid_at__isnull=False),
                name="deal_paid_with_its_payment",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="deal_amount_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.opportunity} · {self.get_state_display()}"


class Conversion(ClientOwned):
    """An opportunity turned into work, once: its client won, its project and its quote."""

    opportunity = models.OneToOneField(
        Opportunity,
        on_delete=models.PROTECT,
        related_name="conversion",
        verbose_name=_("opportunité"),
    )
    project = models.ForeignKey(
        Project,
        null=True,
        on_delete=models.SET_NULL,
        related_name="conversions",
        verbose_name=_("projet"),
    )
    quote = models.ForeignKey(
        Quote,
        null=True,
        on_delete=models.SET_NULL,
        related_name="conversions",
        verbose_name=_("devis"),
    )
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("convertie par"),
    )
    done_at = models.DateTimeField(_("le"))

    objects = ScopedQuerySet.as_manager()
    scope = OURS_ALONE

    class Meta:
        verbose_name = _("conversion d’opportunité")
        verbose_name_plural = _("conversions d’opportunités")

    def __str__(self) -> str:
        return str(self.opportunity)
