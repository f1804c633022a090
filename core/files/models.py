"""Private files: the bytes in the private store under a key of ours, the facts in a row."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.access.roles import Grant
from core.access.scope import Scope, ScopedQuerySet

SHOWN_INLINE = frozenset({"application/pdf", "image/png", "image/jpeg", "image/webp"})
SHOWN_AS_TEXT = frozenset({"text/plain", "text/csv"})


class StoredFile(models.Model):
    """A file of a client. Its name is data; its key in the store says nothing.

    People reach it through the page that shows it (an invoice, a document), never by its id.
    """

    class Scan(models.TextChoices):
        """What the antivirus said. Our own papers, and all files without one, are not scanned."""

        UNSCANNED = "unscanned", _("Non analysé")
        WAITING = "waiting", _("Analyse en cours")
        CLEAN = "clean", _("Sain")
        INFECTED = "infected", _("Quarantaine")

    key = models.CharField(_("clé"), max_length=200, unique=True, editable=False)
    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey(
        settings.ACCESS_ROOT,
        on_delete=models.PROTECT,
        related_name="files",
        verbose_name=_("client"),
    )
    name = models.CharField(_("nom"), max_length=200)
    content_type = models.CharField(_("type"), max_length=100)
    size = models.PositiveBigIntegerField(_("taille (octets)"))
    sha256 = models.CharField(_("empreinte SHA-256"), max_length=64)
    scan = models.CharField(
        _("antivirus"), max_length=10, choices=Scan.choices, default=Scan.UNSCANNED, editable=False
    )
    scanned_at = models.DateTimeField(_("analysé le"), null=True, blank=True, editable=False)
    threat = models.CharField(_("menace trouvée"), max_length=200, blank=True, editable=False)
    created_at = models.DateTimeField(_("déposé le"), auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("déposé par"),
    )

    objects = ScopedQuerySet.as_manager()
    scope = Scope(grant=Grant.ENTER)

    class Meta:
        verbose_name = _("fichier")
        verbose_name_plural = _("fichiers")
        indexes = [models.Index(fields=["client", "scan"], name="file_of_client")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_open(self) -> bool:
        """Tell whether its bytes may be handed over: an antivirus neither waits nor refused it."""
        return self.scan in (self.Scan.UNSCANNED, self.Scan.CLEAN)

    @property
    def is_previewed(self) -> bool:
        """Tell whether a page may offer to show it: `core.files.links.preview_response` does."""
        return self.is_open and self.content_type in SHOWN_INLINE | SHOWN_AS_TEXT

    @property
    def is_shown_inline(self) -> bool:
        """Tell whether a browser may show it in a page: PDF and pictures, nothing that runs."""
        return self.content_type in SHOWN_INLINE

    @property
    def extension(self) -> str:
        """Return what follows the last dot of the name, or nothing."""
        return self.name.rpartition(".")[2] if "." in self.name else ""


class Upload(models.Model):
    """A file on its way: announced, sent in pieces or straight to the store, checked, taken.

    It belongs to who sends it; what nobody took within a day is removed with its bytes.
    """

    class State(models.TextChoices):
        EXPECTED = "expected", _("Attendu")
        READY = "ready", _("Reçu et vérifié")
        TAKEN = "taken", _("Joint")
        REFUSED = "refused", _("Refusé")
        CANCELLED = "cancelled", _("Annulé")

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey(
        settings.ACCESS_ROOT, on_delete=models.CASCADE, related_name="+", verbose_name=_("client")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("envoyé par"),
    )
    name = models.CharField(_("nom"), max_length=200)
    content_type = models.CharField(_("type annoncé"), max_length=100)
    size = models.PositiveBigIntegerField(_("taille annoncée (octets)"))
    received = models.PositiveBigIntegerField(_("octets reçus"), default=0)
    state = models.CharField(
        _("état"), max_length=10, choices=State.choices, default=State.EXPECTED
    )
    refusal = models.CharField(_("motif du refus"), max_length=300, blank=True)
    file = models.OneToOneField(
        StoredFile, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    created_at = models.DateTimeField(_("annoncé le"))
    expires_at = models.DateTimeField(_("gardé jusqu’au"))

    objects = ScopedQuerySet.as_manager()
    scope = Scope(grant=Grant.ENTER)

    class Meta:
        verbose_name = _("envoi de fichier")
        verbose_name_plural = _("envois de fichiers")
        indexes = [
            models.Index(fields=["user", "created_at"], name="upload_of_user"),
            models.Index(fields=["expires_at"], name="upload_to_purge"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def key(self) -> str:
        """Return where its bytes wait in the store, apart from the files that are kept."""
        return f"incoming/{self.uuid}"
