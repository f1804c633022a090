"""Members of clients and invitations, each act through the services of accounts."""

from typing import Any

import django_filters
from django import forms
from django.apps import apps
from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.permissions import register_permission_policy

from core.access.policies import ReadOnlyPolicy
from core.access.roles import Role
from core.accounts import services
from core.accounts.models import Client, Invitation, Membership
from core.backoffice import menu
from core.backoffice.actions import RecordAction
from core.backoffice.choosers import RecordChooser
from core.backoffice.columns import FrenchDateColumn, MomentColumn, StatusColumn, StatusLook
from core.backoffice.viewsets import ReadOnlyViewSet
from core.hooks import Section
from core.ui.formats import date_long, moment

for _model in (Membership, Invitation):
    register_permission_policy(_model, ReadOnlyPolicy(_model))

LIMIT_REFUSED = _("Seuls un membre projet et un invité peuvent être limités à certains projets.")
NO_SUCH_PROJECT = _("Ce projet n’est pas un projet de ce client.")


class RoleForm(forms.Form):
    """A role at a client, on everything or on some projects."""

    role = forms.ChoiceField(label=_("Rôle"), choices=Role.choices, initial=Role.PROJECT)
    is_limited = forms.BooleanField(label=_("Limité à certains projets"), required=False)
    project_ids = forms.TypedMultipleChoiceField(
        label=_("Projets ouverts"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Pour un membre limité seulement."),
    )


class InvitationForm(RoleForm):
    """Who is invited, in which role."""

    name = forms.CharField(label=_("Nom"), max_length=200)
    email = forms.EmailField(label=_("Adresse e-mail"))
    field_order = ("name", "email", "role", "is_limited", "project_ids")


class RoleAction(RecordAction):
    """An act that gives a role; the projects offered are the client's."""

    refusals = {services.CannotLimit: LIMIT_REFUSED, services.UnknownProject: NO_SUCH_PROJECT}

    def get_form(self, form_class: Any = None) -> forms.Form:
        form = super().get_form(form_class)
        projects = apps.get_model(settings.ACCESS_BRANCH).objects.filter(client=self.client())
        form.fields["project_ids"].choices = [
            (pk, title) for pk, title in projects.order_by("title").values_list("pk", "title")
        ]
        return form

    def client(self) -> Client:
        """Return the client that the act is about."""
        return getattr(self.object, "client", self.object)

    def get_record_url(self, done: Any = None) -> str:
        return client_page(self.client().pk)


class InviteMember(RoleAction):
    """Invite a person to act for a client."""

    name = "inviter"
    label = _("Inviter")
    icon_name = "plus"
    question = _("La personne reçoit un lien, valable quelques jours, pour ouvrir son compte.")
    success = _("Invitation envoyée.")
    form_class = InvitationForm
    is_listed = False

    def get_initial(self) -> dict[str, Any]:
        """Begin with the contact whose row led here, if one did."""
        asked = self.request.GET
        return {"name": asked.get("name", "")[:200], "email": asked.get("email", "")[:254]}

    def perform(self, record: Client, actor: Any, **values: Any) -> Any:
        return services.invite_member(client=record, actor=actor, at=timezone.now(), **values)


class ChangeRole(RoleAction):
    """Give a member another role, or other projects."""

    name = "role"
    label = _("Changer le rôle")
    icon_name = "edit"
    success = _("Rôle changé.")
    form_class = RoleForm

    def get_initial(self) -> dict[str, Any]:
        return {"role": self.object.role, "is_limited": self.object.is_limited}

    def perform(self, record: Membership, actor: Any, **values: Any) -> Any:
        return services.change_role(membership=record, actor=actor, **values)


class RemoveMember(RecordAction):
    """End a membership."""

    name = "retirer"
    label = _("Retirer")
    icon_name = "bin"
    is_serious = True
    question = _("Cette personne n’ouvrira plus l’espace de ce client ; ses sessions s’arrêtent.")
    success = _("Membre retiré.")
    refusals = {services.LastOwner: _("Un client garde au moins un responsable.")}

    def perform(self, record: Membership, actor: Any) -> None:
        services.remove_member(membership=record, actor=actor)

    def get_record_url(self, done: Any = None) -> str:
        return client_page(self.object.client_id)


class RevokeInvitation(RecordAction):
    """Close an invitation that nobody has accepted."""

    name = "annuler"
    label = _("Annuler l’invitation")
    icon_name = "cross"
    question = _("Le lien envoyé ne s’ouvrira plus.")
    success = _("Invitation annulée.")

    @classmethod
    def may(cls, user: Any, record: Any) -> bool:
        return super().may(user, record) and bool(record.client_id or user.is_superuser)

    def perform(self, record: Invitation, actor: Any) -> None:
        services.revoke_invitation(invitation=record, actor=actor, at=timezone.now())

    @classmethod
    def is_offered(cls, record: Invitation) -> bool:
        return record.accepted_at is None and record.revoked_at is None


class SendInvitationAgain(RecordAction):
    """Send another link: the former one opens nothing any more."""

    name = "renvoyer"
    label = _("Renvoyer l’invitation")
    icon_name = "mail"
    question = _("Un nouveau lien part à la même adresse ; l’ancien ne s’ouvrira plus.")
    success = _("Invitation renvoyée.")
    refusals = {services.InvitationAnswered: _("Cette invitation a déjà sa réponse.")}

    @classmethod
    def may(cls, user: Any, record: Any) -> bool:
        return super().may(user, record) and bool(record.client_id or user.is_superuser)

    def perform(self, record: Invitation, actor: Any) -> None:
        services.send_invitation_again(invitation=record, actor=actor, at=timezone.now())

    @classmethod
    def is_offered(cls, record: Invitation) -> bool:
        return RevokeInvitation.is_offered(record)


def client_page(client_id: int | None) -> str:
    """Return the address of a client's page in the back-office, or of the list of clients."""
    names = Client.snippet_viewset
    if client_id is None:
        return reverse(names.get_url_name("list"))
    return reverse(names.get_url_name("inspect"), args=[client_id])


class MembershipFilterSet(WagtailFilterSet):
    """How members are filtered: a chooser for the client, never a list of all."""

    client = django_filters.ModelChoiceFilter(
        label=_("Client"),
        queryset=lambda request: Client.objects.all(),
        widget=RecordChooser(Client, icon="group"),
    )

    class Meta:
        model = Membership
        fields = ["client", "role"]


class MembershipViewSet(ReadOnlyViewSet):
    """Members of clients. They are invited from the page of a client."""

    model = Membership
    icon = "user"
    menu_label = _("Membres")
    list_display = [
        "user",
        Column("email", accessor="user.email", label=_("Adresse e-mail")),
        Column("client", label=_("Client")),
        Column("role", accessor="get_role_display", label=_("Rôle")),
        BooleanColumn("is_limited", label=_("Limité")),
        FrenchDateColumn("created_at", label=_("Depuis le")),
    ]
    filterset_class = MembershipFilterSet
    search_fields = ["user__first_name", "user__last_name", "user__email", "client__search_norm"]
    inspect_view_fields = ["user", "client", "role", "is_limited", "created_at"]
    actions = (ChangeRole, RemoveMember)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        rows = Membership.objects.select_related("user", "client")
        return rows.defer("client__search_vector", "client__search_norm")


INVITATION_LOOKS = {
    "open": (StatusLook("due", "now"), _("En attente")),
    "accepted": (StatusLook("done", "ok"), _("Acceptée")),
    "revoked": (StatusLook("cancel"), _("Annulée")),
    "expired": (StatusLook("archive"), _("Expirée")),
}


def invitation_state(invitation: Invitation) -> str:
    """Tell where an invitation stands, as a key of INVITATION_LOOKS."""
    if invitation.accepted_at:
        return "accepted"
    if invitation.revoked_at:
        return "revoked"
    return "expired" if invitation.expires_at <= timezone.now() else "open"


class InvitationViewSet(ReadOnlyViewSet):
    """Invitations sent to members of clients and to the team."""

    model = Invitation
    icon = "mail"
    menu_label = _("Invitations")
    list_display = [
        "email",
        Column("name", label=_("Nom")),
        Column("client", label=_("Client")),
        Column("role", accessor=lambda row: "" if row.staff_role else row.get_role_display()),
        StatusColumn(
            "state",
            accessor=invitation_state,
            label=_("État"),
            looks={key: look for key, (look, _word) in INVITATION_LOOKS.items()},
            word=lambda row: INVITATION_LOOKS[invitation_state(row)][1],
        ),
        MomentColumn("created_at", label=_("Envoyée")),
    ]
    search_fields = ["email", "name", "client__search_norm"]
    inspect_view_fields = [
        "email", "name", "client", "role", "expires_at", "accepted_at", "revoked_at", "invited_by",
    ]  # fmt: skip
    actions = (SendInvitationAgain, RevokeInvitation)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Invitation]:
        rows = Invitation.objects.select_related("client")
        return rows.defer("client__search_vector", "client__search_norm")


def member_sections(client: Client, request: HttpRequest) -> list[Section]:
    """Return the members and the open invitations of a client, with their buttons."""
    members = client.memberships.select_related("user").order_by("role", "pk")
    invitations = client.invitations.filter(accepted_at=None, revoked_at=None).order_by("-pk")
    invite = reverse(Client.snippet_viewset.get_url_name("inviter"), args=[client.pk])
    may_invite = InviteMember.may(request.user, client)
    return [
        Section(
            title=_("Membres de l’espace client"),
            headings=(
                _("Nom"),
                _("Adresse e-mail"),
                _("Rôle"),
                _("Dernière connexion"),
                _("Actions"),
            ),
            rows=[_member_row(row, request) for row in members],
            empty=_("Personne n’ouvre encore cet espace. Invitez le responsable."),
            links=((_("Inviter"), invite),) if may_invite else (),
        ),
        Section(
            title=_("Invitations en attente"),
            headings=(_("Adresse e-mail"), _("Rôle"), _("Valable jusqu’au"), _("Actions")),
            rows=[
                (
                    row.email,
                    row.get_role_display(),
                    date_long(timezone.localtime(row.expires_at)),
                    row_buttons(row, request),
                )
                for row in invitations
            ],
            empty=_("Aucune invitation en attente."),
        ),
    ]


def _member_row(row: Membership, request: HttpRequest) -> tuple[Any, ...]:
    seen = _last_seen(row.user)
    return row.user, row.user.email, row.get_role_display(), seen, row_buttons(row, request)


def _last_seen(person: Any) -> Any:
    """Return when a member last signed in, as people read it."""
    if person.last_login is None:
        return "—"
    return moment(timezone.localtime(person.last_login), timezone.localtime())


def row_buttons(record: Any, request: HttpRequest) -> Any:
    """Return the buttons of the actions that a row offers to this person."""
    viewset = type(record).snippet_viewset
    links = [
        format_html(
            '<a class="button button-small button-secondary" href="{}">{}</a>',
            reverse(viewset.get_url_name(action.name), args=[record.pk]),
            action.label,
        )
        for action in viewset.actions
        if action.may(request.user, record)
    ]
    return format_html("{} " * len(links), *links)


menu.add("commercial", MembershipViewSet, order=60)
menu.add("commercial", InvitationViewSet, order=70)
