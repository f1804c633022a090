"""Which account acts for which client, in what role; and how it is invited."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.access.roles import Role
from core.models import Dated


class Membership(Dated):
    """An account of a client. Its grants follow the role, through `services.memberships`.

    Read before any scope exists, so it is outside row-level security.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="memberships",
        verbose_name=_("compte"),
    )
    client = models.ForeignKey(
        "accounts.Client",
        on_delete=models.CASCADE,
        related_name="memberships",
        verbose_name=_("client"),
    )
    role = models.CharField(_("rôle"), max_length=10, choices=Role.choices, default=Role.OWNER)
    is_limited = models.BooleanField(
        _("limité à certains projets"),
        default=False,
        help_text=_("Un membre projet limité ne voit que les projets qui lui sont ouverts."),
    )

    class Meta:
        verbose_name = _("membre")
        verbose_name_plural = _("membres")
        constraints = [models.UniqueConstraint(fields=["user", "client"], name="member_once")]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()}"


class Invitation(Dated):
    """A link by e-mail that opens an account once, and for some days only.

    The token itself is never stored: only its SHA-256, so that reading the table opens nothing.
    """

    client = models.ForeignKey(
        "accounts.Client",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="invitations",
        verbose_name=_("client"),
    )
    email = models.EmailField(_("adresse e-mail"))
    name = models.CharField(_("nom"), max_length=200, blank=True)
    role = models.CharField(_("rôle"), max_length=10, choices=Role.choices, default=Role.OWNER)
    is_limited = models.BooleanField(_("limité à certains projets"), default=False)
    project_ids = models.JSONField(_("projets ouverts"), default=list, blank=True)
    staff_role = models.CharField(_("rôle dans l’équipe"), max_length=20, blank=True)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    expires_at = models.DateTimeField(_("expire le"))
    accepted_at = models.DateTimeField(_("acceptée le"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("annulée le"), null=True, blank=True)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("invité par"),
    )

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")

    def __str__(self) -> str:
        return self.email
