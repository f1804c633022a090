"""Clients and prospects: the list, the form, and the page with its tabs."""

from dataclasses import replace
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, ObjectList, TabbedInterface
from wagtail.admin.ui.tables import Column
from wagtail.permissions import register_permission_policy

from core.access.policies import TeamPolicy
from core.accounts import services
from core.accounts.models import Client, ClientTag, Company, Contact, User
from core.backoffice import menu
from core.backoffice.actions import RecordAction
from core.backoffice.columns import PlainColumn, StatusColumn, StatusLook
from core.backoffice.history import history_section
from core.backoffice.screens.client_health import BANDS, HealthColumn, health_section, of_band
from core.backoffice.screens.client_people import PEOPLE, contacts_section
from core.backoffice.screens.members import InviteMember, member_sections
from core.backoffice.viewsets import RecordViewSet
from core.hooks import Section, client_problems, client_sections

for _model in (Client, Contact):
    register_permission_policy(_model, TeamPolicy(_model))

MOST_EVENTS = 20
HISTORY = "historique"
IDENTITY = ("name", "stage", "sector", "ncc", "phone", "email", "country")
STAGES = {
    Client.Stage.PROSPECT: StatusLook("todo", "now"),
    Client.Stage.WON: StatusLook("done", "ok"),
    Client.Stage.LOST: StatusLook("cancel"),
    Client.Stage.ARCHIVED: StatusLook("archive"),
}


class ClientFilterSet(WagtailFilterSet):
    """How clients are filtered. Segments add up: a client must be in all of those ticked."""

    tags = django_filters.ModelMultipleChoiceFilter(
        label=_("Segments"),
        queryset=lambda request: ClientTag.objects.order_by("name"),
        widget=forms.CheckboxSelectMultiple,
        conjoined=True,
        distinct=False,
    )
    health = django_filters.ChoiceFilter(
        label=_("Santé"),
        choices=[(key, word) for key, (word, _look) in BANDS.items()],
        method="of_band",
    )

    class Meta:
        model = Client
        fields = ["stage", "category", "lead", "sector", "country"]

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.filters["lead"].field.queryset = User.objects.filter(is_staff=True, is_active=True)

    def of_band(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        return of_band(rows, value)

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        """Leave archived clients aside until they are asked for."""
        rows = super().filter_queryset(queryset)
        if self.form.cleaned_data.get("stage") or self.data.get("q"):
            return rows
        return rows.exclude(stage=Client.Stage.ARCHIVED)


class ClientForm(WagtailAdminModelForm):
    """A client; modules may ask for what they cannot do without, such as a tax number."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        typed = Client(**{name: cleaned.get(name, "") for name in IDENTITY})
        company = cleaned.get("company")
        typed.company_id = company.pk if company else self.instance.company_id
        for field, text in client_problems(typed).items():
            self.add_error(field if field in self.fields else None, text)
        return cleaned


class TagsColumn(PlainColumn):
    """The segments of a client, read with the list."""

    def get_value(self, instance: Client) -> str:
        return ", ".join(tag.name for tag in instance.tags.all())


class ArchiveClient(RecordAction):
    """Put a client away."""

    name = "archiver"
    label = _("Archiver")
    icon_name = "folder-inverse"
    question = _(
        "Le client quitte la liste ; rien n’est effacé, et ses membres ouvrent encore son espace. "
        "Pour leur fermer la porte, retirez-les dans l’onglet « Personnes »."
    )
    success = _("Client archivé.")
    refusals: dict[type[Exception], Any] = {services.CannotArchive: ""}

    @classmethod
    def is_offered(cls, record: Client) -> bool:
        return record.stage != Client.Stage.ARCHIVED

    def perform(self, record: Client, actor: Any) -> None:
        services.archive_client(client=record, actor=actor)


class RestoreClient(RecordAction):
    """Bring a client back."""

    name = "restaurer"
    label = _("Restaurer")
    icon_name = "undo"
    is_main = True
    success = _("Client restauré.")
    refusals: dict[type[Exception], Any] = {services.CannotArchive: ""}

    @classmethod
    def is_offered(cls, record: Client) -> bool:
        return record.stage == Client.Stage.ARCHIVED

    def perform(self, record: Client, actor: Any) -> None:
        services.restore_client(client=record, actor=actor)


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
        HealthColumn("health", label=_("Santé")),
        Column("category", label=_("Catégorie")),
        TagsColumn("tags", label=_("Segments")),
        Column("city", label=_("Ville")),
        Column("phone", label=_("Téléphone")),
        Column("lead", label=_("Interlocuteur")),
    ]
    filterset_class = ClientFilterSet
    has_bulk_actions = True
    tabs = {
        "apercu": _("Aperçu"),
        "projets": _("Projets"),
        "argent": _("Facturation"),
        "documents": _("Documents"),
        "support": _("Support"),
        PEOPLE: _("Personnes"),
        HISTORY: _("Historique"),
    }
    list_export = [
        "name",
        "stage",
        "category",
        "ncc",
        "rccm",
        "city",
        "country",
        "email",
        "phone",
        "lead",
    ]
    export_filename = "clients"
    inspect_view_fields = [
        "name", "stage", "category", "ncc", "rccm", "address", "city", "country",
        "email", "phone", "currency", "sector", "tax_id", "account_code", "wants_facturx", "lead",
        "tags", "created_at",
    ]  # fmt: skip
    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    FieldRowPanel([FieldPanel("name"), FieldPanel("sector")]),
                    FieldRowPanel([FieldPanel("stage"), FieldPanel("lead")]),
                    FieldRowPanel([FieldPanel("ncc"), FieldPanel("rccm")]),
                    FieldPanel("address"),
                    FieldRowPanel([FieldPanel("city"), FieldPanel("country")]),
                    FieldRowPanel([FieldPanel("email"), FieldPanel("phone")]),
                    FieldRowPanel([FieldPanel("company"), FieldPanel("currency")]),
                    FieldRowPanel([FieldPanel("category"), FieldPanel("tags")]),
                ],
                heading=_("Identité"),
            ),
            ObjectList(
                [
                    FieldPanel("tax_id"),
                    FieldPanel("account_code"),
                    FieldPanel("wants_facturx"),
                ],
                heading=_("Facturation"),
            ),
            ObjectList(
                [
                    InlinePanel(
                        "contacts",
                        label=_("contact"),
                        panels=[
                            FieldRowPanel([FieldPanel("name"), FieldPanel("job_title")]),
                            FieldRowPanel([FieldPanel("email"), FieldPanel("phone")]),
                            FieldRowPanel([FieldPanel("part"), FieldPanel("is_main")]),
                        ],
                    )
                ],
                heading=_("Contacts"),
            ),
        ],
        base_form_class=ClientForm,
    )

    actions = (InviteMember, ArchiveClient, RestoreClient)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Client]:
        rows = Client.objects.select_related("lead", "health", "category")
        return rows.prefetch_related("tags").defer("search_vector", "search_norm")

    def new_record(self, request: HttpRequest) -> Client:
        return Client(company=Company.objects.order_by("pk").first())

    def sections(self, record: Client, request: HttpRequest) -> list[Section]:
        members = [replace(one, tab=PEOPLE) for one in member_sections(record, request)]
        return [
            health_section(record),
            *client_sections(record),
            contacts_section(record, request),
            *members,
            history_section(record, request),
        ]


menu.add("commercial", ClientViewSet, order=10)
