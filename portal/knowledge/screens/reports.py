"""Reports of the knowledge base: what helps readers, and what nobody checked for long."""

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from django.db.models import Count, Max, Q, QuerySet
from django.db.models.functions import TruncMonth
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column

from core.backoffice.charts import Chart, line_chart
from core.backoffice.columns import FigureColumn, FrenchDateColumn, PlainColumn
from core.backoffice.reports import RecordReport
from core.ui.formats import month_name, percent
from portal.knowledge import queries
from portal.knowledge.models import Article, ArticleVote
from portal.knowledge.screens.articles import LINK

MONTHS = 12
AGES = {"3": _("Trois mois"), "6": _("Six mois"), "12": _("Un an")}
DEFAULT_AGE = "6"
DAYS_OF_A_MONTH = 30.4


def _title_of(row: Article) -> Any:
    name = Article.snippet_viewset.get_url_name("inspect")
    return format_html(LINK, reverse(name, args=[row.pk]), row.title)


class VoteFilterSet(WagtailFilterSet):
    """Whose articles."""

    audience = ChoiceFilter(label=_("Lecteurs"), choices=Article.Audience.choices)

    class Meta:
        model = Article
        fields = ["audience"]


class HelpfulArticles(RecordReport):
    """« Cet article vous a-t-il aidé ? », article by article, month by month."""

    model = Article
    slug = "avis-sur-les-articles"
    page_title = _("Avis des lecteurs")
    header_icon = "comment"
    filterset_class = VoteFilterSet
    results_template_name = "portal/knowledge/admin/votes.html"
    default_ordering = ("-no", "title")
    columns = [
        PlainColumn("title", label=_("Article"), accessor=_title_of),
        Column("get_audience_display", label=_("Lecteurs")),
        FigureColumn("yes", label=_("Oui")),
        FigureColumn("no", label=_("Non")),
        PlainColumn("share", label=_("Part de oui"), accessor=lambda row: share_of(row)),
        FigureColumn("words", label=_("Commentaires")),
        FrenchDateColumn("last_vote", label=_("Dernier avis")),
    ]
    list_export = ["title", "audience", "yes", "no", "words", "last_vote"]
    export_headings = {
        "yes": _("Oui"),
        "no": _("Non"),
        "words": _("Commentaires"),
        "last_vote": _("Dernier avis"),
    }
    export_filename = "avis-des-lecteurs"

    def get_base_queryset(self) -> QuerySet:
        rows = super().get_base_queryset().only("title", "audience")
        return rows.annotate(
            yes=Count("votes", filter=Q(votes__is_helpful=True)),
            no=Count("votes", filter=Q(votes__is_helpful=False)),
            words=Count("votes", filter=~Q(votes__comment="")),
            last_vote=Max("votes__voted_at"),
        ).filter(last_vote__isnull=False)

    def totals(self, rows: QuerySet) -> list[tuple[Any, Any]]:
        found = ArticleVote.objects.filter(article__in=rows.values("pk")).aggregate(
            yes=Count("pk", filter=Q(is_helpful=True)), all=Count("pk")
        )
        share = percent(round(100 * found["yes"] / found["all"])) if found["all"] else "—"
        return [(_("Avis"), found["all"]), (_("Part de oui"), share)]

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(*args, **kwargs)
        context["chart"] = None if self.is_export else trend(timezone.localdate())
        return context


def share_of(row: Any) -> str:
    """Return the share of yes among the votes of an article, in words."""
    total = row.yes + row.no
    return percent(round(100 * row.yes / total)) if total else ""


def trend(today: date) -> Chart | None:
    """Draw the share of yes, month by month over a year. One query."""
    months = last_months(today)
    votes = ArticleVote.objects.filter(voted_at__date__gte=months[0])
    facts = (
        votes.annotate(month=TruncMonth("voted_at"))
        .values("month")
        .annotate(yes=Count("pk", filter=Q(is_helpful=True)), all=Count("pk"))
        .order_by("month")
    )
    found = {fact["month"].date(): fact for fact in facts}
    shares = [
        Fraction(100 * found[month]["yes"], found[month]["all"]) if month in found else None
        for month in months
    ]
    texts = [
        _now("%(month)s : %(share)s de oui")
        % {"month": month_name(month), "share": "—" if share is None else percent(round(share))}
        for month, share in zip(months, shares, strict=True)
    ]
    names = [month_name(month) for month in months]
    title = _now("Part de oui, par mois")
    return line_chart(title, names, shares, texts, lambda value: percent(round(value)))


def last_months(today: date) -> list[date]:
    """Return the first days of the last twelve months, the current one included."""
    first = today.year * 12 + today.month - MONTHS
    return [date((first + n) // 12, (first + n) % 12 + 1, 1) for n in range(MONTHS)]


class AgeFilterSet(WagtailFilterSet):
    """Since when nobody checked."""

    age = ChoiceFilter(
        label=_("Pas vérifié depuis"), choices=list(AGES.items()), method="filter_age"
    )

    class Meta:
        model = Article
        fields = ["age"]

    def filter_age(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows  # the report reads it: without a choice it has one too


class ArticlesToCheck(RecordReport):
    """Published articles that nobody checked for long, the oldest first."""

    model = Article
    slug = "articles-a-verifier"
    page_title = _("Articles à vérifier")
    header_icon = "history"
    filterset_class = AgeFilterSet
    default_ordering = ("seen_at", "title")
    columns = [
        PlainColumn("title", label=_("Article"), accessor=_title_of),
        Column("category", label=_("Rubrique")),
        Column("get_audience_display", label=_("Lecteurs")),
        Column("keeper", label=_("Tenu par")),
        FrenchDateColumn("seen_at", label=_("Vérifié ou modifié le")),
    ]
    list_export = ["title", "category", "audience", "keeper", "seen_at"]
    export_headings = {"seen_at": _("Vérifié ou modifié le")}
    export_filename = "articles-a-verifier"

    def get_base_queryset(self) -> QuerySet:
        asked = self.request.GET.get("age", "")
        months = int(asked if asked in AGES else DEFAULT_AGE)
        before = timezone.now() - timedelta(days=months * DAYS_OF_A_MONTH)
        return queries.to_check(before).select_related("category", "keeper").defer("body")
