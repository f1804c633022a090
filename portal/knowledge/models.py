"""The knowledge base: articles for everybody, for clients, or for us."""

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


class Category(models.Model):
    """A shelf of the knowledge base."""

    name = models.CharField(_("nom"), max_length=80, unique=True)
    slug = models.SlugField(_("adresse"), max_length=80, unique=True)
    sort_order = models.IntegerField(_("ordre"), default=0)

    class Meta:
        verbose_name = _("rubrique")
        verbose_name_plural = _("rubriques")

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
        features=["h2", "h3", "bold", "italic", "ol", "ul", "link", "hr", "blockquote"],
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

    def __str__(self) -> str:
        return f"{self.article} · {self.is_helpful}"


class MissedSearch(models.Model):
    """Words that readers looked for and that no article holds."""

    words = models.CharField(_("mots"), max_length=100, unique=True)
    times = models.PositiveIntegerField(_("fois"), default=1)
    last_at = models.DateTimeField(_("dernière fois"))

    class Meta:
        verbose_name = _("recherche sans résultat")
        verbose_name_plural = _("recherches sans résultat")

    def __str__(self) -> str:
        return self.words
