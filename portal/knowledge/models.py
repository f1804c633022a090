"""The knowledge base: articles for everybody, for clients, or for us."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _
from wagtail.fields import RichTextField
from wagtail.models import (
    DraftStateMixin,
    LockableMixin,
    PreviewableMixin,
    RevisionMixin,
    WorkflowMixin,
)
from wagtail.search import index

from core.search import search_text

FEATURES = [
    *("h2", "h3", "bold", "italic", "ol", "ul", "link", "hr", "blockquote"),
    *("image", "document-link"),
]


class Category(models.Model):
    """A shelf of the knowledge base."""

    class Icon(models.TextChoices):
        """Icons of our own set that suit a shelf."""

        BOOK = "book", _("Livre")
        RECEIPT = "receipt", _("Facture")
        FOLDER = "folder", _("Dossier")
        DOCUMENT = "document", _("Document")
        SUPPORT = "support", _("Support")
        LOCK = "lock", _("Cadenas")
        USER = "user", _("Personne")
        USERS = "users", _("Équipe")

    name = models.CharField(_("nom"), max_length=80, unique=True)
    slug = models.SlugField(_("adresse"), max_length=80, unique=True)
    sort_order = models.IntegerField(_("ordre"), default=0)
    icon = models.CharField(
        _("icône"), max_length=20, choices=Icon.choices, default=Icon.BOOK, blank=True
    )

    class Meta:
        verbose_name = _("rubrique")
        verbose_name_plural = _("rubriques")
        ordering = ["sort_order", "name"]

    def __str__(self) -> str:
        return self.name


class Article(
    WorkflowMixin,
    DraftStateMixin,
    LockableMixin,
    RevisionMixin,
    PreviewableMixin,
    index.Indexed,
    models.Model,
):
    """An article. Public pages show its live text, never a draft."""

    class Audience(models.TextChoices):
        PUBLIC = "public", _("Tout le monde")
        CLIENTS = "clients", _("Clients connectés")
        INTERNAL = "internal", _("Équipe")

    title = models.CharField(_("titre"), max_length=200)
    slug = models.SlugField(_("adresse"), max_length=200, unique=True)
    category = models.ForeignKey(
        Category,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="articles",
        verbose_name=_("rubrique"),
    )
    audience = models.CharField(
        _("lecteurs"), max_length=10, choices=Audience.choices, default=Audience.INTERNAL
    )
    summary = models.CharField(_("résumé"), max_length=300, blank=True)
    body = RichTextField(
        _("texte"),
        blank=True,
        features=FEATURES,
    )
    keeper = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        limit_choices_to={"is_staff": True},
        verbose_name=_("tenu par"),
        help_text=_("Qui répond de cet article ; vide : toute la rédaction."),
    )
    checked_at = models.DateTimeField(
        _("vérifié le"), null=True, blank=True, editable=False, db_index=True
    )
    search_norm = models.TextField(editable=False, default="")
    updated_at = models.DateTimeField(_("modifié le"), auto_now=True)

    search_fields = [
        index.SearchField("title", boost=3),
        index.SearchField("summary"),
        index.SearchField("body"),
        index.AutocompleteField("title"),
        index.AutocompleteField("search_norm"),
        index.FilterField("audience"),
        index.FilterField("live"),
        index.FilterField("category_id"),
    ]

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")

    def __str__(self) -> str:
        return self.title

    def save(self, *args, **kwargs) -> None:
        self.search_norm = search_text(self.title, self.summary, strip_tags(self.body))
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("knowledge:article", args=[self.slug])

    def get_preview_template(self, request, mode_name) -> str:
        return "portal/knowledge/article.html"

    def get_preview_context(self, request, mode_name) -> dict:
        return {"article": self, "is_preview": True}


class ArticleAddress(models.Model):
    """An address that an article had: links to it lead to the article as it is now."""

    slug = models.SlugField(_("ancienne adresse"), max_length=200, unique=True)
    article = models.ForeignKey(
        Article, on_delete=models.CASCADE, related_name="addresses", verbose_name=_("article")
    )
    left_at = models.DateTimeField(_("quittée le"))

    class Meta:
        verbose_name = _("ancienne adresse d’article")
        verbose_name_plural = _("anciennes adresses d’article")

    def __str__(self) -> str:
        return self.slug


class ArticleVote(models.Model):
    """What a reader says of an article, once per reader: did it help."""

    article = models.ForeignKey(
        Article, on_delete=models.CASCADE, related_name="votes", verbose_name=_("article")
    )
    reader = models.CharField(_("lecteur"), max_length=80, editable=False)
    is_helpful = models.BooleanField(_("utile"))
    comment = models.TextField(_("commentaire"), max_length=1000, blank=True)
    voted_at = models.DateTimeField(_("donné le"))

    class Meta:
        verbose_name = _("avis sur un article")
        verbose_name_plural = _("avis sur les articles")
        constraints = [models.UniqueConstraint(fields=["article", "reader"], name="vote_once")]
        indexes = [models.Index(fields=["-voted_at"], name="vote_newest")]

    def __str__(self) -> str:
        return f"{self.article} · {self.is_helpful}"


class MissedSearch(models.Model):
    """Words that readers looked for and that no article holds."""

    words = models.CharField(_("mots"), max_length=100, unique=True)
    times = models.PositiveIntegerField(_("fois"), default=1)
    last_at = models.DateTimeField(_("dernière fois"))
    closed_at = models.DateTimeField(_("classée le"), null=True, blank=True)
    answer = models.ForeignKey(
        Article,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("article qui répond"),
    )

    class Meta:
        verbose_name = _("recherche sans résultat")
        verbose_name_plural = _("recherches sans résultat")
        indexes = [
            models.Index(fields=["-times", "-last_at", "id"], name="missed_most"),
            models.Index(fields=["-times"], name="missed_open", condition=models.Q(closed_at=None)),
        ]

    def __str__(self) -> str:
        return self.words
