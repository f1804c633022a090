"""Replies ready to send: everybody's, and one's own."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.admin.ui.tables import Column

from core.backoffice import menu
from core.backoffice.columns import FigureColumn
from core.backoffice.viewsets import RecordViewSet
from portal.support.models import CannedReply


class CannedReplyViewSet(RecordViewSet):
    """Replies ready to send."""

    model = CannedReply
    icon = "openquote"
    menu_label = _("Réponses types")
    add_label = _("Nouvelle réponse type")
    ordering = "title"
    list_display = [
        "title",
        Column("get_language_display", label=_("Langue")),
        Column("owner", label=_("Réservée à")),
        FigureColumn("used", label=_("Insérée"), sort_key="used"),
    ]
    search_fields = ["search_norm"]
    inspect_view_fields = ["title", "language", "owner", "body", "used"]
    panels = [
        FieldRowPanel([FieldPanel("title"), FieldPanel("language")]),
        FieldPanel("body"),
        FieldPanel("owner"),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[CannedReply]:
        return CannedReply.objects.select_related("owner").defer("search_norm")

    def new_record(self, request: HttpRequest) -> Any:
        return CannedReply(owner=None)


menu.add("support", CannedReplyViewSet, order=70)
