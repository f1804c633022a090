"""The shelves of the knowledge base."""

from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, TitleFieldPanel
from wagtail.admin.ui.tables import Column

from core.backoffice.columns import FigureColumn, PlainColumn
from core.backoffice.viewsets import RecordViewSet
from core.ui.templatetags.icons import icon
from portal.knowledge.models import Category


class CategoryViewSet(RecordViewSet):
    """The shelves, in their order, each with its icon."""

    model = Category
    icon = "list-ul"
    menu_label = _("Rubriques")
    add_label = _("Nouvelle rubrique")
    ordering = "sort_order"
    list_display = [
        "name",
        PlainColumn("icon", label=_("Icône"), accessor=lambda row: icon(row.icon or "book")),
        Column("slug", label=_("Adresse")),
        FigureColumn("articles_count", label=_("Articles")),
        FigureColumn("sort_order", label=_("Ordre")),
    ]
    search_fields = ["name"]
    inspect_view_fields = ["name", "slug", "icon", "sort_order"]
    panels = [
        TitleFieldPanel("name", targets=["slug"]),
        FieldPanel("slug"),
        FieldRowPanel([FieldPanel("icon"), FieldPanel("sort_order")]),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Category]:
        return Category.objects.annotate(articles_count=Count("articles"))
