"""Clients and prospects, their contacts, their segments."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, ObjectList, TabbedInterface
from wagtail.admin.ui.tables import Column
from wagtail.permissions import register_permission_policy

from core.access.policies import TeamPolicy
from core.accounts.models import Client, ClientTag, Contact
from core.backoffice import menu
from core.backoffice.columns import FrenchDateColumn, StatusColumn, StatusLook
from core.backoffice.viewsets import RecordViewSet

for _model in (Client, ClientTag, Contact):
    register_permission_policy(_model, TeamPolicy(_model))

STAGES = {
    Client.Stage.PROSPECT: StatusLook("todo", "now"),
    Client.Stage.WON: StatusLook("done", "ok"),
    Client.Stage.LOST: StatusLook("cancel"),
    Client.Stage.ARCHIVED: StatusLook("archive"),
}


class ClientFilterSet(WagtailFilterSet):
    """How clients are filtered."""

    class Meta:
        model = Client
        fields = ["stage", "tags", "country"]


class ClientViewSet(RecordViewSet):
    """Clients: identity, contacts, members, and what we do for them."""

    model = Client
    icon = "group"
    menu_label = _("Clients")
    add_label = _("Nouveau client")
    ordering = "name"
    list_display = [
        "name",
        StatusColumn("stage", label=_("Étape"), looks=STAGES, sort_key="stage"),
        Column("city", label=_("Ville")),
        Column("email", label=_("E-mail")),
        Column("phone", label=_("Téléphone")),
        Column("lead", label=_("Interlocuteur")),
        FrenchDateColumn("created_at", label=_("Créé le")),
    ]
    filterset_class = ClientFilterSet
    list_export = ["name", "stage", "ncc", "rccm", "city", "country", "email", "phone", "lead"]
    export_filename = "clients"
    inspect_view_fields = [
        "name", "stage", "ncc", "rccm", "address", "city", "country",
        "email", "phone", "currency", "lead", "tags",
    ]  # fmt: skip
    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    FieldPanel("name"),
                    FieldRowPanel([FieldPanel("stage"), FieldPanel("lead")]),
                    FieldRowPanel([FieldPanel("ncc"), FieldPanel("rccm")]),
                    FieldPanel("address"),
                    FieldRowPanel([FieldPanel("city"), FieldPanel("country")]),
                    FieldRowPanel([FieldPanel("email"), FieldPanel("phone")]),
                    FieldRowPanel([FieldPanel("company"), FieldPanel("currency")]),
                    FieldPanel("tags"),
                ],
                heading=_("Identité"),
            ),
            ObjectList(
                [
                    InlinePanel(
                        "contacts",
                        label=_("contact"),
                        panels=[
                            FieldRowPanel([FieldPanel("name"), FieldPanel("job_title")]),
                            FieldRowPanel([FieldPanel("email"), FieldPanel("phone")]),
                            FieldPanel("is_main"),
                        ],
                    )
                ],
                heading=_("Contacts"),
            ),
        ]
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return Client.objects.select_related("lead").defer("search_vector", "search_norm")


class ClientTagViewSet(RecordViewSet):
    """Segments of clients."""

    model = ClientTag
    icon = "tag"
    menu_label = _("Segments")
    add_label = _("Nouveau segment")
    ordering = "name"
    list_display = ["name"]
    search_fields = ["name"]
    panels = [FieldPanel("name")]


menu.add("commercial", ClientViewSet, order=10)
menu.add("commercial", ClientTagViewSet, order=90)
