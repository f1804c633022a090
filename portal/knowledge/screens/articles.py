"""Articles: drafts, previews, reviews, days of publication, what readers say of each."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Count, Q, QuerySet
from django.db.models.functions import Cast
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter, ModelChoiceFilter
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    PublishingPanel,
    TitleFieldPanel,
)
from wagtail.admin.ui.tables import Column, LiveStatusTagColumn
from wagtail.models import WorkflowState

from core.accounts.models import User
from core.backoffice.actions import RecordAction
from core.backoffice.columns import FrenchDateColumn
from core.backoffice.viewsets import RecordViewSet
from core.hooks import Section
from core.ui.formats import date_long, moment, percent
from portal.knowledge import queries, services
from portal.knowledge.models import Article, Category, MissedSearch

STALE = timedelta(days=182)
MISS = "recherche"  # of the address: a search that an article is written for
MOST_COMMENTS = 30
LINK = "<a href='{}'>{}</a>"
PUBLISHED, DRAFT, CHANGED, REVIEWED, OLD = "live", "draft", "changed", "review", "old"


class ArticleFilterSet(WagtailFilterSet):
    """How articles are filtered."""

    situation = ChoiceFilter(
        label=_("Situation"),
        method="filter_situation",
        choices=[
            (PUBLISHED, _("Publié")),
            (DRAFT, _("Brouillon")),
            (CHANGED, _("Modifications non publiées")),
            (REVIEWED, _("En relecture")),
            (OLD, _("À vérifier (plus de six mois)")),
        ],
    )
    audience = ChoiceFilter(label=_("Lecteurs"), choices=Article.Audience.choices)
    category = ModelChoiceFilter(
        label=_("Rubrique"),
        queryset=lambda request: Category.objects.all(),
        widget=forms.Select,
    )
    keeper = ModelChoiceFilter(
        label=_("Tenu par"),
        queryset=lambda request: User.objects.filter(is_staff=True).order_by("first_name"),
        widget=forms.Select,
    )

    class Meta:
        model = Article
        fields = ["situation", "audience", "category", "keeper"]

    def filter_situation(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        if value == OLD:
            old = queries.to_check(timezone.now() - STALE)
            return rows.filter(pk__in=old.order_by().values("pk"))
        if value == REVIEWED:
            return rows.filter(pk__in=articles_in_review())
        kept = {
            PUBLISHED: Q(live=True),
            DRAFT: Q(live=False),
            CHANGED: Q(live=True, has_unpublished_changes=True),
        }
        return rows.filter(kept[value]) if value in kept else rows


class MarkChecked(RecordAction):
    """Say that an article still holds, without changing it."""

    name = "verifier"
    label = _("Marquer comme vérifié")
    icon_name = "check"
    question = _("Vous l’avez relu : il dit toujours vrai. Il reviendra à vérifier dans six mois.")
    success = _("Article vérifié.")

    @classmethod
    def is_offered(cls, record: Article) -> bool:
        return record.live

    def perform(self, record: Article, actor: Any) -> None:
        services.mark_checked(article=record, actor=actor, at=timezone.now())


class ArticleViewSet(RecordViewSet):
    """Articles, with drafts, previews and reviews."""

    model = Article
    icon = "help"
    menu_label = _("Articles")
    add_label = _("Nouvel article")
    ordering = "title"
    list_display = [
        "title",
        Column("category", label=_("Rubrique")),
        Column("get_audience_display", label=_("Lecteurs")),
        LiveStatusTagColumn(),
        Column("keeper", label=_("Tenu par")),
        FrenchDateColumn("checked_at", label=_("Vérifié le"), is_late=lambda row: _is_old(row)),
        FrenchDateColumn("updated_at", label=_("Modifié le")),
    ]
    filterset_class = ArticleFilterSet
    search_fields = ["search_norm"]
    list_export = ["title", "slug", "category", "audience", "live", "checked_at", "updated_at"]
    export_filename = "articles"
    inspect_view_fields = [
        *("title", "category", "audience", "live", "summary", "keeper"),
        *("first_published_at", "go_live_at", "expire_at", "checked_at", "updated_at"),
    ]
    panels = [
        TitleFieldPanel("title", targets=["slug"]),
        FieldPanel("slug"),
        FieldRowPanel([FieldPanel("category"), FieldPanel("audience")]),
        FieldPanel("summary"),
        FieldPanel("body"),
        FieldPanel("keeper"),
        PublishingPanel(),
    ]
    actions = (MarkChecked,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Article]:
        return Article.objects.select_related("category", "keeper").defer("body", "search_norm")

    def new_record(self, request: HttpRequest) -> Article | None:
        """Start from what readers looked for and did not find, when the address names it."""
        key = request.GET.get(MISS, "")
        if not key.isdecimal() or len(key) > 18:
            return None
        missed = MissedSearch.objects.filter(pk=int(key)).first()
        if missed is None:
            return None
        title = missed.words[:1].upper() + missed.words[1:]
        return Article(title=title, slug=slugify(missed.words), audience=Article.Audience.PUBLIC)

    def sections(self, record: Article, request: HttpRequest) -> list[Section]:
        return [_opinions(record), _near(record), _addresses(record)]


def articles_in_review() -> QuerySet[Article]:
    """Return the keys of the articles that wait for a review, for an `IN`."""
    kind = ContentType.objects.get_for_model(Article)
    states = WorkflowState.objects.filter(
        base_content_type=kind, status=WorkflowState.STATUS_IN_PROGRESS
    )
    rows = Article.objects.annotate(key=Cast("pk", CharField()))
    return rows.filter(key__in=states.values("object_id")).values("pk")


def _is_old(row: Article) -> bool:
    return row.live and (row.checked_at or row.updated_at) < timezone.now() - STALE


def _opinions(record: Article) -> Section:
    """Say what readers think of an article: how many, and their words."""
    counts = record.votes.aggregate(
        yes=Count("pk", filter=Q(is_helpful=True)), no=Count("pk", filter=Q(is_helpful=False))
    )
    total = counts["yes"] + counts["no"]
    now = timezone.localtime()
    rows = record.votes.exclude(comment="").order_by("-voted_at")[:MOST_COMMENTS]
    share = percent(round(100 * counts["yes"] / total)) if total else ""
    title = (
        _("Avis des lecteurs : %(share)s de oui, sur %(total)s") % {"share": share, "total": total}
        if total
        else _("Avis des lecteurs")
    )
    return Section(
        title=title,
        headings=(_("Utile ?"), _("Ce qu’ils en disent"), _("Quand")),
        rows=[
            (
                _("Oui") if row.is_helpful else _("Non"),
                row.comment,
                moment(timezone.localtime(row.voted_at), now),
            )
            for row in rows
        ],
        empty=_("Personne n’a encore écrit de commentaire."),
        links=[(_("Voir la page"), record.get_absolute_url())] if record.live else (),
    )


def _near(record: Article) -> Section:
    found = [one for one in queries.search_for_team(record.title) if one.pk != record.pk]
    name = Article.snippet_viewset.get_url_name("inspect")
    return Section(
        title=_("Articles proches"),
        headings=(_("Article"), _("Résumé")),
        rows=[
            (format_html(LINK, reverse(name, args=[one.pk]), one.title), one.summary)
            for one in found
        ],
        empty=_("Aucun autre article publié ne lui ressemble."),
    )


def _addresses(record: Article) -> Section:
    return Section(
        title=_("Anciennes adresses"),
        headings=(_("Adresse"), _("Quittée le")),
        rows=[
            (f"/aide/{row.slug}/", date_long(timezone.localdate(row.left_at)))
            for row in record.addresses.order_by("-left_at")
        ],
        empty=_("Son adresse n’a pas changé. Si elle change, l’ancienne mènera ici."),
    )
