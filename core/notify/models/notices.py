"""What people are told in the portal and under the bell, and what each of them wishes."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.access.roles import Grant
from core.access.scope import Scope, ScopedQuerySet


class Notification(models.Model):
    """A notice for one person, shown in the portal until it is read."""

    client = models.ForeignKey(
        settings.ACCESS_ROOT,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("client"),
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="notifications",
        verbose_name=_("personne"),
    )
    event = models.CharField(_("événement"), max_length=60)
    text = models.CharField(_("texte"), max_length=300)
    detail = models.CharField(_("détail"), max_length=300, blank=True)
    url = models.CharField(_("adresse"), max_length=200, blank=True)
    key = models.CharField(_("clé"), max_length=200)
    created_at = models.DateTimeField(_("reçu le"), auto_now_add=True)
    read_at = models.DateTimeField(_("lu le"), null=True, blank=True)

    objects = ScopedQuerySet.as_manager()
    scope = Scope(grant=Grant.ENTER)

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="notice_once")]
        indexes = [models.Index(fields=["user", "-created_at"], name="notice_of_user")]

    def __str__(self) -> str:
        return self.text


class NotificationPreference(models.Model):
    """A person’s wish for one event on one channel. Absent means yes."""

    class Channel(models.TextChoices):
        PORTAL = "portal", _("Espace client")
        EMAIL = "email", _("E-mail")
        PUSH = "push", _("Appareils")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="notification_preferences",
        verbose_name=_("personne"),
    )
    event = models.CharField(_("événement"), max_length=60)
    channel = models.CharField(_("canal"), max_length=10, choices=Channel.choices)
    is_on = models.BooleanField(_("actif"), default=True)

    class Meta:
        verbose_name = _("préférence de notification")
        verbose_name_plural = _("préférences de notification")
        constraints = [
            models.UniqueConstraint(fields=["user", "event", "channel"], name="preference_once")
        ]

    def __str__(self) -> str:
        return f"{self.event} · {self.get_channel_display()}"


class DeliveryWishes(models.Model):
    """How often a person wants mail, and when they want to be left alone. Absent: at once."""

    class Frequency(models.TextChoices):
        NOW = "now", _("Tout de suite, un e-mail par nouvelle")
        DAILY = "daily", _("Une fois par jour, un résumé à 8 h")
        WEEKLY = "weekly", _("Une fois par semaine, un résumé le lundi à 8 h")
        NEVER = "never", _("Jamais, sauf ce qui est toujours envoyé")

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="delivery_wishes",
        verbose_name=_("personne"),
    )
    frequency = models.CharField(
        _("rythme des e-mails"),
        max_length=6,
        choices=Frequency.choices,
        default=Frequency.NOW,
    )
    quiet_from = models.TimeField(_("heures calmes, de"), null=True, blank=True)
    quiet_to = models.TimeField(_("heures calmes, à"), null=True, blank=True)
    quiet_weekends = models.BooleanField(_("samedi et dimanche aussi"), default=False)

    class Meta:
        verbose_name = _("rythme des envois")
        verbose_name_plural = _("rythmes des envois")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(quiet_from=None, quiet_to=None)
                | models.Q(quiet_from__isnull=False, quiet_to__isnull=False)
                & ~models.Q(quiet_from=models.F("quiet_to")),
                name="quiet_hours_whole",
            )
        ]

    def __str__(self) -> str:
        return str(self.get_frequency_display())


class DigestEntry(models.Model):
    """A mail put aside for the next digest of a person. Only the team reads this table."""

    client = models.ForeignKey(
        settings.ACCESS_ROOT,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("client"),
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("personne"),
    )
    event = models.CharField(_("événement"), max_length=60)
    text = models.CharField(_("texte"), max_length=300)
    detail = models.CharField(_("détail"), max_length=300, blank=True)
    url = models.CharField(_("adresse"), max_length=200, blank=True)
    key = models.CharField(_("clé"), max_length=200)
    created_at = models.DateTimeField(_("mis de côté le"), auto_now_add=True)
    due_at = models.DateTimeField(_("part le"))
    left_at = models.DateTimeField(_("parti le"), null=True, blank=True)

    class Meta:
        verbose_name = _("ligne de résumé")
        verbose_name_plural = _("lignes de résumé")
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="digest_entry_once")]
        indexes = [
            models.Index(
                fields=["due_at"], name="digest_due", condition=models.Q(left_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return self.text


class PushSubscription(models.Model):
    """A browser of a person which asked to be told, and the keys that only it can read with."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="push_subscriptions",
        verbose_name=_("personne"),
    )
    endpoint = models.CharField(_("adresse"), max_length=1000, unique=True)
    p256dh = models.CharField(_("clé publique"), max_length=100)
    auth = models.CharField(_("secret partagé"), max_length=40)
    device = models.CharField(_("appareil"), max_length=100, blank=True)
    created_at = models.DateTimeField(_("ajouté le"), auto_now_add=True)

    class Meta:
        verbose_name = _("appareil notifié")
        verbose_name_plural = _("appareils notifiés")

    def __str__(self) -> str:
        return self.device or self.endpoint[:40]


class TeamNotice(models.Model):
    """A notice for somebody of the team, under the bell of the back-office until it is read."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="team_notices",
        verbose_name=_("personne"),
    )
    event = models.CharField(_("événement"), max_length=60)
    text = models.CharField(_("texte"), max_length=300)
    detail = models.CharField(_("détail"), max_length=300, blank=True)
    url = models.CharField(_("adresse"), max_length=300, blank=True)
    key = models.CharField(_("clé"), max_length=200)
    created_at = models.DateTimeField(_("reçu le"), auto_now_add=True)
    read_at = models.DateTimeField(_("lu le"), null=True, blank=True)

    class Meta:
        verbose_name = _("avis à l’équipe")
        verbose_name_plural = _("avis à l’équipe")
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="team_notice_once")]
        indexes = [models.Index(fields=["user", "-created_at"], name="team_notice_of_user")]

    def __str__(self) -> str:
        return self.text
