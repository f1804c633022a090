"""The chart of accounts, the journals and the sales accounts. Owners change them."""

from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.permissions import register_permission_policy

from billing.accounting.models import Books, ChartAccount, JournalCode, SalesAccount
from billing.accounting.policies import KeptSettingsPolicy, OwnersChangePolicy
from core.backoffice import menu
from core.backoffice.viewsets import RecordViewSet

register_permission_policy(ChartAccount, OwnersChangePolicy(ChartAccount))
register_permission_policy(SalesAccount, OwnersChangePolicy(SalesAccount))
register_permission_policy(JournalCode, KeptSettingsPolicy(JournalCode))


class OfBooks(RecordViewSet):
    """Settings of the books; a new row belongs to the first company unless another is chosen."""

    def new_record(self, request: HttpRequest) -> Model:
        return self.model(books=Books.objects.order_by("pk").first())

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return self.model._default_manager.select_related("books__company")


class ChartAccountViewSet(OfBooks):
    """The account of each use."""

    model = ChartAccount
    icon = "list-ul"
    menu_label = _("Plan comptable")
    ordering = "number"
    list_per_page = 100
    list_display = [
        "number",
        "label",
        Column("get_use_display", label=_("Usage")),
        Column("provider", label=_("Prestataire")),
        Column("default_number", label=_("SYSCOHADA")),
    ]
    search_fields = ["number", "label"]
    list_export = ["number", "label", "use", "provider"]
    inspect_view_enabled = False
    edit_handler = ObjectList(
        [
            FieldPanel("books"),
            FieldRowPanel([FieldPanel("use"), FieldPanel("provider")]),
            FieldRowPanel([FieldPanel("number"), FieldPanel("label")]),
        ]
    )


class JournalCodeViewSet(OfBooks):
    """The code and name of each journal."""

    model = JournalCode
    icon = "folder-open-inverse"
    menu_label = _("Journaux")
    ordering = "pk"
    list_display = ["code", "label", Column("get_kind_display", label=_("Usage"))]
    inspect_view_enabled = False
    edit_handler = ObjectList([FieldRowPanel([FieldPanel("code"), FieldPanel("label")])])


class SalesAccountViewSet(OfBooks):
    """Words that choose a sales account."""

    model = SalesAccount
    icon = "tag"
    menu_label = _("Comptes de vente")
    ordering = "pk"
    list_display = [
        "word",
        "number",
        "label",
        Column("get_nature_display", label=_("Nature")),
    ]
    inspect_view_enabled = False
    edit_handler = ObjectList(
        [
            FieldPanel("books"),
            FieldRowPanel([FieldPanel("word"), FieldPanel("nature")]),
            FieldRowPanel([FieldPanel("number"), FieldPanel("label")]),
        ]
    )


menu.add("comptabilite", ChartAccountViewSet, order=70)
menu.add("comptabilite", JournalCodeViewSet, order=75)
menu.add("comptabilite", SalesAccountViewSet, order=80)
