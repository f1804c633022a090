"""The editors' screens of the knowledge base."""

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.admin.ui.tables import Column, LiveStatusTagColumn
from wagtail.permissions import register_permission_policy

from core.access.policies import TeamPolicy
from core.backoffice import menu
from core.backoffice.columns import FrenchDateColumn
from core.backoffice.viewsets import RecordViewSet
from portal.knowledge.models import Article, Category

for _model in (Article, Category):
    register_permission_policy(_model, TeamPolicy(_model))


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
        FrenchDateColumn("updated_at", label=_("Modifié le")),
    ]
    list_filter = ["audience", "category", "live"]
    search_fields = ["search_norm"]
    panels = [
        FieldPanel("title"),
        FieldPanel("slug"),
        FieldRowPanel([FieldPanel("category"), FieldPanel("audience")]),
        FieldPanel("summary"),
        FieldPanel("body"),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Article]:
        return Article.objects.select_related("category")


class CategoryViewSet(RecordViewSet):
    """The shelves of the knowledge base."""

    model = Category
    icon = "list-ul"
    menu_label = _("Rubriques")
    add_label = _("Nouvelle rubrique")
    ordering = "sort_order"
    list_display = ["name", Column("sort_order", label=_("Ordre"))]
    search_fields = ["name"]
    panels = [FieldPanel("name"), FieldPanel("slug"), FieldPanel("sort_order")]


menu.add("connaissances", ArticleViewSet, order=10)
menu.add("connaissances", CategoryViewSet, order=20)
