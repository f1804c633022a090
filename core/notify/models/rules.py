"""Rules: when something is so, tell these people by these channels. And what each rule sent."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from core.models import Dated, Versioned
from core.notify.models.templates import MessageTemplate


class NotificationRule(Dated, Versioned, ClusterableModel):
    """A rule of the team: an event, conditions on its facts, who is told, how, and when.

    It adds to the mails that leave by themselves and replaces none of them. `on_since` is the day
    it was last switched on: what was due before is never told.
    """

    class Direction(models.TextChoices):
        BEFORE = "before", _("avant")
        AFTER = "after", _("après")

    class Channel(models.TextChoices):
        NOTICE = "notice", _("Notification dans l’espace")
        EMAIL = "email", _("E-mail")
        SMS = "sms", _("SMS")
        WHATSAPP = "whatsapp", _("WhatsApp (à envoyer à la main)")

    name = models.CharField(_("nom"), max_length=120, unique=True)
    event = models.CharField(_("événement"), max_length=60)
    days = models.PositiveSmallIntegerField(
        _("jours"),
        default=0,
        validators=[MaxValueValidator(365)],
        help_text=_("0 : le jour même."),
    )
    direction = models.CharField(
        _("avant ou après la date"),
        max_length=6,
        choices=Direction.choices,
        default=Direction.AFTER,
    )
    audience = models.JSONField(_("qui est prévenu"), default=list)
    addresses = models.TextField(
        _("adresses fixes"), blank=True, help_text=_("Une adresse e-mail par ligne.")
    )
    channels = models.JSONField(_("par où"), default=list)
    mail_template = models.ForeignKey(
        MessageTemplate,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("modèle d’e-mail"),
        help_text=_("Vide : la phrase de l’événement."),
    )
    text_template = models.ForeignKey(
        MessageTemplate,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("modèle de SMS"),
        help_text=_("Vide : la phrase de l’événement. Sert aussi pour WhatsApp."),
    )
    quiet_from = models.TimeField(_("rien n’est envoyé de"), null=True, blank=True)
    quiet_to = models.TimeField(_("à"), null=True, blank=True)
    works_only = models.BooleanField(
        _("jours ouvrés seulement"),
        default=False,
        help_text=_("Ce qui tombe un jour chômé part le jour ouvré suivant."),
    )
    priority = models.PositiveSmallIntegerField(
        _("priorité"),
        default=50,
        validators=[MinValueValidator(1), MaxValueValidator(99)],
        help_text=_("De 1 à 99 : d’un même fait, la plus haute parle seule."),
    )
    is_on = models.BooleanField(_("active"), default=False, editable=False)
    on_since = models.DateField(_("active depuis"), null=True, editable=False)
    ran_at = models.DateTimeField(_("dernier passage"), null=True, editable=False)

    class Meta:
        verbose_name = _("règle de notification")
        verbose_name_plural = _("règles de notification")
        constraints = [
            models.CheckConstraint(
                condition=Q(is_on=False) | Q(on_since__isnull=False), name="rule_on_since"
            ),
            models.CheckConstraint(
                condition=Q(quiet_from=None, quiet_to=None)
                | Q(quiet_from__isnull=False, quiet_to__isnull=False)
                & ~Q(quiet_from=F("quiet_to")),
                name="rule_quiet_hours_whole",
                violation_error_message=_("Les heures calmes ont un début et une fin différents."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def shift(self) -> int:
        """Return how many days after the date of a fact it is told; negative: before."""
        return self.days if self.direction == self.Direction.AFTER else -self.days


class RuleCondition(models.Model):
    """One closed comparison: a fact, an operator, a value. All of a rule’s must hold."""

    class Operator(models.TextChoices):
        IS = "is", _("est")
        IS_NOT = "is_not", _("n’est pas")
        AT_LEAST = "at_least", _("au moins")
        AT_MOST = "at_most", _("au plus")
        CONTAINS = "contains", _("contient")

    rule = ParentalKey(NotificationRule, on_delete=models.CASCADE, related_name="conditions")
    fact = models.CharField(_("donnée"), max_length=60)
    operator = models.CharField(
        _("comparaison"), max_length=10, choices=Operator.choices, default=Operator.IS
    )
    value = models.CharField(_("valeur"), max_length=200)

    class Meta:
        verbose_name = _("condition")
        verbose_name_plural = _("conditions")

    def __str__(self) -> str:
        return f"{self.fact} {self.get_operator_display()} {self.value}"


class RuleSend(models.Model):
    """One thing that a rule tells one person by one channel. Only the team reads this table."""

    class State(models.TextChoices):
        ASKED = "asked", _("Attend votre accord")
        WAITING = "waiting", _("À envoyer")
        SENT = "sent", _("Envoyé")
        BY_HAND = "by_hand", _("À envoyer à la main")
        HELD = "held", _("Non envoyé")
        STOPPED = "stopped", _("Arrêté")

    rule = models.ForeignKey(
        NotificationRule,
        on_delete=models.CASCADE,
        related_name="sends",
        verbose_name=_("règle"),
    )
    client = models.ForeignKey(
        settings.ACCESS_ROOT,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("client"),
    )
    fact_key = models.CharField(_("fait"), max_length=120)
    fact_on = models.DateField(_("date du fait"))
    title = models.CharField(_("objet"), max_length=200)
    recipient = models.CharField(max_length=260)  # "user:5", "contact:8", "address:a@b.ci"
    name = models.CharField(_("destinataire"), max_length=200)
    channel = models.CharField(_("canal"), max_length=10, choices=NotificationRule.Channel.choices)
    state = models.CharField(_("état"), max_length=8, choices=State.choices, default=State.WAITING)
    reason = models.CharField(_("motif"), max_length=300, blank=True)
    due_on = models.DateField(_("dû le"))
    created_at = models.DateTimeField(_("noté le"))
    left_at = models.DateTimeField(_("parti le"), null=True, blank=True)

    class Meta:
        verbose_name = _("envoi d’une règle")
        verbose_name_plural = _("envois des règles")
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "fact_key", "recipient", "channel"], name="rule_tells_once"
            )
        ]
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="rule_send_newest"),
            models.Index(fields=["rule", "-created_at"], name="rule_send_of_rule"),
            models.Index(
                fields=["created_at", "id"],
                name="rule_send_open",
                condition=Q(state__in=["asked", "waiting"]),
            ),
            models.Index(fields=["fact_key", "due_on"], name="rule_send_of_fact"),
            models.Index(fields=["left_at"], name="rule_send_left"),
        ]

    def __str__(self) -> str:
        return f"{self.title} · {self.name}"
