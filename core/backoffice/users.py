"""The accounts of the team and of clients' members, for owners of the back-office."""

from typing import Any

import django_filters
from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.admin.views.bulk_action import BulkAction
from wagtail.admin.views.generic import PermissionCheckedMixin
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.users.views import users as stock
from wagtail.users.views.bulk_actions import (
    AssignRoleBulkAction,
    DeleteBulkAction,
    SetActiveStateBulkAction,
)

from core.access.row_guard import RowGuard, guarded
from core.access.staff_roles import StaffRole, role_of
from core.accounts import services
from core.accounts.models import User
from core.backoffice.account_acts import acts_for, sections_for
from core.backoffice.columns import MomentColumn
from core.backoffice.paginator import CappedPaginator

CLIENT = _("Membre d’un client")


def role_word(user: User) -> Any:
    """Return the role of an account as people read it."""
    role = role_of(user)
    return StaffRole(role).label if role else CLIENT


class AccountFilterSet(WagtailFilterSet):
    """How accounts are filtered."""

    is_staff = django_filters.ChoiceFilter(
        label=_("Qui"), choices=[(True, _("Équipe")), (False, _("Membres de clients"))]
    )
    is_active = django_filters.ChoiceFilter(
        label=_("État"), choices=[(True, _("Ouvert")), (False, _("Fermé"))]
    )

    class Meta:
        model = User
        fields = ["is_staff", "is_active"]


class AccountIndexView(stock.IndexView):
    """The accounts: who, in what role, last seen when."""

    add_item_label = _("Inviter dans l’équipe")
    page_title = _("Comptes")
    paginator_class = CappedPaginator
    show_other_searches = False
    search_fields = ("first_name", "last_name", "email")

    @cached_property
    def columns(self) -> list[Any]:
        return [
            self._get_title_column_class(stock.UserColumn)(
                "name", accessor=str, label=_("Nom"), get_url=self.get_edit_url, sort_key="name"
            ),
            Column("email", label=_("Adresse e-mail"), sort_key="email"),
            Column("role", accessor=role_word, label=_("Rôle")),
            BooleanColumn("is_active", label=_("Ouvert")),
            MomentColumn("last_login", label=_("Dernière connexion"), sort_key="last_login"),
        ]

    def get_base_queryset(self) -> QuerySet[User]:
        rows = super().get_base_queryset()
        return rows.select_related("wagtail_userprofile").prefetch_related("groups")

    def get_filterset_kwargs(self) -> dict[str, Any]:
        return {"data": self.request.GET, "request": self.request}


class InvitationForm(forms.Form):
    """Who is invited into the team, in which role."""

    name = forms.CharField(label=_("Nom"), max_length=200)
    email = forms.EmailField(label=_("Adresse e-mail"))
    role = forms.ChoiceField(label=_("Rôle"), choices=StaffRole.choices, initial=StaffRole.MANAGER)


class InviteView(RowGuard, PermissionCheckedMixin, WagtailAdminTemplateMixin, FormView):
    """Nobody types a password for somebody else: the person gets a link and chooses it."""

    model = User
    form_class = InvitationForm
    permission_required = "add"
    index_url_name = None
    header_icon = "user"
    page_title = _("Inviter dans l’équipe")
    template_name = "core/backoffice/form.html"
    submit_label = _("Envoyer l’invitation")

    def form_valid(self, form: forms.Form) -> HttpResponse:
        services.invite_staff(actor=self.request.user, at=timezone.now(), **form.cleaned_data)
        messages.success(self.request, _("Invitation envoyée."))
        return redirect(self.get_index_url())

    def get_index_url(self) -> str:
        return reverse(self.index_url_name)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        accounts = {"url": self.get_index_url(), "label": _("Comptes")}
        return [*self.breadcrumbs_items, accounts, {"url": "", "label": self.page_title}]


class AccountForm(forms.ModelForm):
    """What an owner changes on an account. Only an owner sees the role."""

    role = forms.ChoiceField(
        label=_("Rôle dans l’équipe"), required=False, choices=[("", CLIENT), *StaffRole.choices]
    )
    is_active = forms.BooleanField(
        label=_("Compte ouvert"),
        required=False,
        help_text=_("Cochez pour rouvrir ce compte : la personne se connectera de nouveau."),
    )

    class Meta:
        model = User
        fields = ["first_name", "last_name", "email", "phone", "job_title"]

    def __init__(self, *args: Any, for_user: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.for_user = for_user
        self.fields["email"].disabled = True
        self.fields["email"].help_text = _("L’adresse prouvée par l’invitation ne change pas ici.")
        if not for_user.is_superuser or for_user == self.instance:
            del self.fields["role"], self.fields["is_active"]
        else:
            if self.instance.is_active:
                del self.fields["is_active"]  # closing has its own page: it says what is left
            self.initial.update(role=role_of(self.instance), is_active=self.instance.is_active)


class AccountEditView(stock.EditView):
    """An account. Owners alone reach owners, and nobody changes their own role."""

    def setup(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.can_delete = False

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        del kwargs["editing_self"]
        return {**kwargs, "for_user": self.request.user}

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.object.is_superuser and not request.user.is_superuser:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: forms.Form) -> HttpResponse:
        try:
            return super().form_valid(form)
        except services.NoOwnerLeft:
            form.add_error(None, _("Il faut au moins un compte de direction ouvert."))
            self.produced_error_message = self.get_error_message()
            return self.form_invalid(form)

    def save_instance(self) -> User:
        user, actor, values = super().save_instance(), self.request.user, self.form.cleaned_data
        if "role" in self.form.fields:
            services.give_staff_role(user=user, role=values["role"], actor=actor)
            self._open(user, values)
        return user

    def _open(self, user: User, values: dict[str, Any]) -> None:
        if values.get("is_active"):
            services.open_or_close_account(user=user, is_active=True, actor=self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["acts"] = acts_for(self.request.user, self.object)
        context["sections"] = sections_for(self.object, self.request)
        return context


class AccountViewSet(stock.UserViewSet):
    """Accounts: invited, given a role, closed; never deleted."""

    menu_label = _("Comptes")
    index_view_class = AccountIndexView
    edit_view_class = AccountEditView
    filterset_class = AccountFilterSet
    copy_view_enabled = False

    def get_form_class(self, for_update: bool = False) -> type[forms.ModelForm]:
        return AccountForm

    def construct_view(self, view_class: type, **kwargs: Any) -> Any:
        return super().construct_view(guarded(view_class), **kwargs)

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_common_view_kwargs(), "usage_url_name": None, **kwargs}

    @property
    def add_view(self) -> Any:
        return self.construct_view(InviteView)

    @property
    def edit_view(self) -> Any:
        kwargs = {**self.get_edit_view_kwargs(), "template_name": "core/backoffice/account.html"}
        return self.construct_view(self.edit_view_class, **kwargs)

    def get_urlpatterns(self) -> list[Any]:
        absent = {"usage", "copy"}
        return [one for one in super().get_urlpatterns() if one.name not in absent]


def closed_user_bulk_actions() -> list[type[BulkAction]]:
    """Return what takes the place of Wagtail's acts on several accounts.

    They ask for `change_user` alone: whoever was given it could name themselves administrator.
    """
    return [
        type(f"Closed{action.__name__}", (ClosedBulkAction, action), {})
        for action in (AssignRoleBulkAction, DeleteBulkAction, SetActiveStateBulkAction)
    ]


class ClosedBulkAction:
    """An act on several rows that nobody may do."""

    def dispatch(self, *args: Any, **kwargs: Any) -> HttpResponse:
        raise PermissionDenied

    def check_perm(self, obj: Any) -> bool:
        return False
