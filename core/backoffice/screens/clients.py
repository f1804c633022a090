"""Clients and prospects, their contacts, their segments."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, ObjectList, TabbedInterface
from wagtail.admin.ui.tables import Column
from wagtail.permissions import register_permission_policy

from core.access.policies import TeamPolicy
from core.accounts.models import Client, ClientTag, Company, Contact, User
from core.backoffice import menu
from core.backoffice.columns import FrenchDateColumn, StatusColumn, StatusLook
from core.backoffice.screens.members import InviteMember, member_sections
from core.backoffice.viewsets import RecordViewSet
from core.hooks import Section, client_problems, client_sections, client_timeline
from core.ui.formats import moment, phone

for _model in (Client, ClientTag, Contact):
    register_permission_policy(_model, TeamPolicy(_model))

MOST_EVENTS = 20
IDENTITY = ("name", "stage", "sector", "ncc", "phone", "email", "country")
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
        "email", "phone", "currency", "sector", "tax_id", "account_code", "wants_facturx", "lead",
        "tags",
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
                    FieldPanel("tags"),
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
                            FieldPanel("is_main"),
                        ],
                    )
                ],
                heading=_("Contacts"),
            ),
        ],
        base_form_class=ClientForm,
    )

    actions = (InviteMember,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Client]:
        return Client.objects.select_related("lead").defer("search_vector", "search_norm")

    def new_record(self, request: HttpRequest) -> Client:
        return Client(company=Company.objects.order_by("pk").first())

    def sections(self, record: Client, request: HttpRequest) -> list[Section]:
        channels = _channels(record)
        contacts = Section(
            title=_("Contacts"),
            headings=(
                _("Nom"),
                _("Fonction"),
                _("Adresse e-mail"),
                _("Téléphone"),
                _("Préfère"),
            ),
            rows=[
                (
                    row.name,
                    row.job_title,
                    row.email,
                    phone(row.phone),
                    channels.get(row.email.lower(), ""),
                )
                for row in record.contacts.order_by("-is_main", "name")
            ],
            empty=_("Aucun contact."),
        )
        members = member_sections(record, request)
        return [*client_sections(record), contacts, *members, _history(record)]


def _channels(client: Client) -> dict[str, str]:
    """Return how the members of a client prefer to be reached, by address."""
    people = User.objects.filter(memberships__client=client)
    return {person.email.lower(): person.get_preferred_channel_display() for person in people}


def _history(client: Client) -> Section:
    entries, now = client_timeline(client)[:MOST_EVENTS], timezone.localtime()
    return Section(
        title=_("Derniers échanges et événements"),
        headings=(_("Quand"), _("Quoi"), _("Détail")),
        rows=[(moment(timezone.localtime(row.at), now), row.text, row.detail) for row in entries],
        empty=_("Rien encore."),
    )


class ClientTagViewSet(RecordViewSet):
    """Segments of clients."""

    model = ClientTag
    icon = "tag"
    menu_label = _("Segments")
    add_label = _("Nouveau segment")
    ordering = "name"
    list_display = ["name"]
    search_fields = ["name"]
    bulk_delete_enabled = True
    panels = [FieldPanel("name")]


menu.add("commercial", ClientViewSet, order=10)
menu.add("commercial", ClientTagViewSet, order=90)
