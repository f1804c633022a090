"""The certification of an invoice or a credit note, and every step of it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.access.roles import Grant
from core.access.scope import Scope, ScopedQuerySet


class Certification(models.Model):
    """Where a paper stands with the tax office.

    `sending` is committed before the call: whoever finds it later knows that the paper may be
    certified, and never sends it again by itself. `rank` counts the sendings. `items` maps lines
    to their ids there: [{id, label, quantity, net, rate}]. Ours alone.
    """

    class Kind(models.TextChoices):
        SALE = "sale", _("Facture")
        CREDIT = "credit", _("Avoir")

    class State(models.TextChoices):
        TO_CERTIFY = "to_certify", _("À certifier")
        SENDING = "sending", _("Envoi en cours")
        CERTIFIED = "certified", _("Certifiée")
        REJECTED = "rejected", _("Refusée")
        TO_RETRY = "to_retry", _("À renvoyer")
        UNCERTAIN = "uncertain", _("À vérifier")
        CREDITED = "credited", _("Certifiée, créditée")
        VOID = "void", _("Sans objet")

    client = models.ForeignKey(
        "accounts.Client",
        on_delete=models.PROTECT,
        editable=False,
        related_name="+",
        verbose_name=_("client"),
    )
    kind = models.CharField(_("nature"), max_length=10, choices=Kind.choices)
    invoice = models.ForeignKey(
        "invoicing.Invoice",
        on_delete=models.PROTECT,
        related_name="certifications",
        verbose_name=_("facture"),
    )
    credit_note = models.ForeignKey(
        "invoicing.CreditNote",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="certifications",
        verbose_name=_("avoir"),
    )
    number = models.CharField(_("document"), max_length=30, editable=False)
    state = models.CharField(
        _("état"), max_length=10, choices=State.choices, default=State.TO_CERTIFY
    )
    reason = models.TextField(_("motif"), blank=True)
    note = models.TextField(_("remarque"), blank=True)
    reference = models.CharField(_("référence FNE"), max_length=30, blank=True)
    verification_url = models.CharField(_("adresse de contrôle"), max_length=500, blank=True)
    document_id = models.CharField(_("identifiant FNE"), max_length=64, blank=True)
    items = models.JSONField(_("lignes FNE"), default=list)
    rank = models.PositiveIntegerField(_("envois"), default=0)
    tries = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField(_("prochain envoi"), null=True, blank=True)
    sending_since = models.DateTimeField(_("envoyée le"), null=True, blank=True)
    certified_at = models.DateTimeField(_("certifiée le"), null=True, blank=True)
    is_test = models.BooleanField(_("plateforme d’essai"), default=False)
    is_by_hand = models.BooleanField(_("saisie à la main"), default=False)
    held_mail = models.JSONField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("demandée le"))

    objects = ScopedQuerySet.as_manager()
    scope = Scope(grant=Grant.VIEW_BILLING, only=Q(pk=None))

    class Meta:
        verbose_name = _("certification")
        verbose_name_plural = _("certifications")
        permissions = [("resolve_certification", _("Trancher une certification incertaine"))]
        constraints = [
            models.UniqueConstraint(
                fields=["invoice"],
                condition=Q(kind="sale") & ~Q(state="void"),
                name="one_active_sale_certification",
            ),
            models.UniqueConstraint(
                fields=["credit_note"],
                condition=~Q(credit_note=None) & ~Q(state="void"),
                name="one_active_credit_certification",
            ),
            models.UniqueConstraint(
                fields=["reference"], condition=~Q(reference=""), name="certified_once"
            ),
            models.CheckConstraint(
                condition=Q(kind="sale", credit_note=None)
                | (Q(kind="credit") & ~Q(credit_note=None)),
                name="certification_of_one_paper",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["certified", "credited"])
                & ~Q(reference="")
                & ~Q(certified_at=None)
                | ~Q(state__in=["certified", "credited"]) & Q(reference=""),
                name="certified_with_its_reference",
            ),
        ]
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="certification_newest"),
            models.Index(fields=["invoice", "kind"], name="certification_of_invoice"),
            models.Index(
                fields=["next_try_at"],
                name="certification_waiting",
                condition=Q(state__in=["to_certify", "to_retry", "sending"]),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_certified(self) -> bool:
        """Tell whether the tax office holds the paper."""
        return self.state in (self.State.CERTIFIED, self.State.CREDITED)

    @property
    def is_pending(self) -> bool:
        """Tell whether the paper still waits to be certified: it is a proforma until then."""
        return not self.is_certified and self.state != self.State.VOID


class CertificationEvent(models.Model):
    """One step: asked, sent, answered, found lost, decided by a person. Append-only.

    Requests and answers are kept as they went, without the key, which is in neither.
    """

    class Kind(models.TextChoices):
        ASKED = "asked", _("Demandée")
        SENT = "sent", _("Envoyée")
        ANSWERED = "answered", _("Réponse")
        LOST = "lost", _("Sans nouvelles")
        DECIDED = "decided", _("Décision")

    client = models.ForeignKey(
        "accounts.Client", on_delete=models.PROTECT, editable=False, related_name="+"
    )
    certification = models.ForeignKey(
        Certification, on_delete=models.PROTECT, related_name="events"
    )
    kind = models.CharField(_("étape"), max_length=10, choices=Kind.choices)
    rank = models.PositiveIntegerField(_("envoi"), default=0)
    state = models.CharField(_("état"), max_length=10, choices=Certification.State.choices)
    status = models.PositiveSmallIntegerField(_("statut HTTP"), default=0)
    message = models.TextField(_("message"), blank=True)
    request = models.JSONField(_("envoyé"), null=True, blank=True)
    answer = models.JSONField(_("reçu"), null=True, blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    happened_at = models.DateTimeField(_("le"))

    objects = ScopedQuerySet.as_manager()
    scope = Scope(grant=Grant.VIEW_BILLING, only=Q(pk=None))

    class Meta:
        verbose_name = _("étape de certification")
        verbose_name_plural = _("étapes de certification")
        indexes = [
            models.Index(fields=["certification", "happened_at"], name="event_of_certification")
        ]

    def __str__(self) -> str:
        return self.get_kind_display()
