"""The account somebody signs in with: of the team, or of a client."""

from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class UserManager(BaseUserManager):
    """Makes accounts known by their e-mail address."""

    use_in_migrations = True

    def get_by_natural_key(self, username: str) -> "User":
        return self.get(email__iexact=username)

    def create_user(self, email: str, password: str | None = None, **fields) -> "User":
        """Make an account. Without a password it cannot sign in until an invitation sets one.

        :raises ValueError: if the address is empty.
        """
        if not email:
            raise ValueError("An account needs an e-mail address.")
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields) -> "User":
        """Make an owner of the back-office."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractUser):
    """A person who signs in by e-mail. `is_staff` says team; members of clients are not."""

    class Theme(models.TextChoices):
        SYSTEM = "", _("Comme l’appareil")
        LIGHT = "light", _("Clair")
        DARK = "dark", _("Sombre")

    class Channel(models.TextChoices):
        EMAIL = "email", _("E-mail")
        PHONE = "phone", _("Téléphone")
        SMS = "sms", _("SMS")
        WHATSAPP = "whatsapp", _("WhatsApp")

    class Language(models.TextChoices):
        FRENCH = "fr", "Français"
        ENGLISH = "en", "English"

    username = None  # type: ignore[assignment]
    email = models.EmailField(_("adresse e-mail"), unique=True)
    first_name = models.CharField(_("prénom"), max_length=150, blank=True)
    last_name = models.CharField(_("nom"), max_length=150, blank=True)
    phone = models.CharField(_("téléphone"), max_length=30, blank=True)
    job_title = models.CharField(_("fonction"), max_length=120, blank=True)
    theme = models.CharField(
        _("apparence"), max_length=10, choices=Theme.choices, default=Theme.SYSTEM, blank=True
    )
    language = models.CharField(
        _("langue"), max_length=5, choices=Language.choices, default=Language.FRENCH
    )
    preferred_channel = models.CharField(
        _("moyen de contact préféré"),
        max_length=10,
        choices=Channel.choices,
        default=Channel.EMAIL,
    )
    analytics_since = models.DateTimeField(
        _("mesure d’usage acceptée le"), null=True, blank=True, editable=False
    )
    erased_at = models.DateTimeField(_("effacé le"), null=True, blank=True, editable=False)
    space = models.ForeignKey(
        "accounts.Client",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        editable=False,
        verbose_name=_("dernier espace ouvert"),
    )

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []

    objects = UserManager()  # type: ignore[assignment,misc]

    class Meta:
        verbose_name = _("compte")
        verbose_name_plural = _("comptes")
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_once",
                violation_error_message=_("Cette adresse e-mail a déjà un compte."),
            )
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.email

    @property
    def initials(self) -> str:
        """Return two letters for the avatar."""
        words = (self.get_full_name() or self.email).split()
        return "".join(word[0] for word in words[:2]).upper()
