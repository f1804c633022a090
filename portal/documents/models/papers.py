"""Templates of papers: words with closed placeholders, and every version of them."""

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.fields import RichTextField

from core.models import Dated

FEATURES = ["h2", "h3", "bold", "italic", "ol", "ul", "hr", "blockquote"]


class PaperTemplate(Dated):
    """A paper that we write again for each client. What it says is that of its last version."""

    class Kind(models.TextChoices):
        CONTRACT = "contract", _("Contrat")
        HANDOVER = "handover", _("Procès-verbal")
        SECRECY = "secrecy", _("Accord de confidentialité")
        MINUTES = "minutes", _("Compte rendu")
        ORDER = "order", _("Ordre de mission")
        OTHER = "other", _("Autre")

    class Format(models.TextChoices):
        TEXT = "text", _("Texte, mis en page en PDF")
        DOCX = "docx", _("Fichier Word (DOCX)")

    name = models.CharField(_("nom du modèle"), max_length=120, unique=True)
    kind = models.CharField(_("nature"), max_length=10, choices=Kind.choices, default=Kind.OTHER)
    format = models.CharField(_("forme"), max_length=4, choices=Format.choices, default=Format.TEXT)
    title = models.CharField(
        _("titre du document"),
        max_length=200,
        help_text=_("Il peut contenir des champs : « Contrat – {{ projet.titre }} »."),
    )
    folder = models.CharField(_("dossier de rangement"), max_length=100, blank=True)
    body = RichTextField(_("texte"), blank=True, features=FEATURES)
    is_active = models.BooleanField(_("proposé à l’équipe"), default=True)
    source_key = models.CharField(max_length=200, blank=True, editable=False)
    source_name = models.CharField(_("fichier Word"), max_length=200, blank=True, editable=False)

    class Meta:
        verbose_name = _("modèle de document")
        verbose_name_plural = _("modèles de document")
        indexes = [models.Index(fields=["kind", "name"], name="paper_template_kind")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_word(self) -> bool:
        return self.format == self.Format.DOCX


class PaperTemplateVersion(models.Model):
    """What a template said from one day to the next: never changed, never deleted."""

    template = models.ForeignKey(
        PaperTemplate, on_delete=models.PROTECT, related_name="versions", verbose_name=_("modèle")
    )
    number = models.PositiveSmallIntegerField(_("version"))
    title = models.CharField(_("titre"), max_length=200)
    body = models.TextField(_("texte"), blank=True)
    source_key = models.CharField(max_length=200, blank=True)
    source_name = models.CharField(_("fichier Word"), max_length=200, blank=True)
    sha256 = models.CharField(
        _("empreinte"), max_length=64, validators=[RegexValidator(r"^[0-9a-f]{64}$")]
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("écrite par"),
    )
    created_at = models.DateTimeField(_("écrite le"))

    class Meta:
        verbose_name = _("version de modèle")
        verbose_name_plural = _("versions de modèle")
        constraints = [
            models.UniqueConstraint(fields=["template", "number"], name="paper_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.template} v{self.number}"
