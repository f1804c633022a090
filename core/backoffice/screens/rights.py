"""Who may do what: the roles of the team, part by part, read from the rights they really hold."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.urls import path
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail import hooks
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.permissions import policy_registry

from core.access.policies import OwnerPolicy
from core.access.staff_roles import StaffRole
from core.accounts.models import User
from core.backoffice import menu

ACTS = {"view": _("voir"), "add": _("créer"), "change": _("modifier"), "delete": _("supprimer")}
ALL, NONE = _("tout"), _("—")


@dataclass(frozen=True)
class RightsRow:
    """What each role may do to one kind of record."""

    label: str
    cells: tuple[Any, ...]


@dataclass(frozen=True)
class RightsPart:
    """A part of the menu, and its kinds of records."""

    label: Any
    rows: tuple[RightsRow, ...]


def rights_table() -> list[RightsPart]:
    """Return every part of the menu with what each role may do. Two queries."""
    held = {
        group.name: {f"{right.content_type.app_label}.{right.codename}" for right in rights}
        for group in Group.objects.filter(name__in=StaffRole.values).prefetch_related(
            "permissions__content_type"
        )
        for rights in [group.permissions.all()]
    }
    parts: list[RightsPart] = []
    screens = menu.every_screen()
    for name in (*menu.GROUPS, menu.SETTINGS):
        found = sorted(
            (order, screen.model.__name__, screen)
            for group, order, screen in screens
            if group == name
        )
        rows = tuple(_row(screen.model, held) for _order, _name, screen in found)
        label = menu.GROUPS[name].label if name in menu.GROUPS else _("Paramètres")
        parts += [RightsPart(label, rows)] if rows else []
    return parts


def _row(model: Any, held: dict[str, set[str]]) -> RightsRow:
    cells = tuple(_cell(model, role, held.get(role, set())) for role in StaffRole.values)
    return RightsRow(capfirst(str(model._meta.verbose_name_plural)), cells)


def _cell(model: Any, role: str, rights: set[str]) -> Any:
    """Return what a role may do, in words: what its policy never allows is left out."""
    policy = policy_registry.get_by_type(model)
    if role == StaffRole.OWNER:
        allowed = [act for act in ACTS if policy.user_has_permission(_owner(), act)]
    elif isinstance(policy, OwnerPolicy):
        allowed = []
    else:
        named = (f"{model._meta.app_label}.{{}}_{model._meta.model_name}").format
        owner = _owner()
        allowed = [
            act for act in ACTS if named(act) in rights and policy.user_has_permission(owner, act)
        ]
    return _words(allowed)


def _owner() -> User:
    """Return an unsaved owner, to ask policies what they allow at most."""
    return User(is_active=True, is_staff=True, is_superuser=True)


def _words(allowed: Iterable[str]) -> Any:
    acts = list(allowed)
    if not acts:
        return NONE
    if len(acts) == len(ACTS):
        return ALL
    return ", ".join(str(ACTS[act]) for act in acts)


class RightsView(WagtailAdminTemplateMixin, TemplateView):
    """The matrix of rights, for owners."""

    template_name = "core/backoffice/rights.html"
    page_title = _("Rôles et droits")
    header_icon = "lock"
    help_slug = "equipe"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_superuser:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        roles = [role.label for role in StaffRole]
        return super().get_context_data(parts=rights_table(), roles=roles, **kwargs)


@hooks.register("register_admin_urls")
def rights_address() -> list[Any]:
    return [path("roles/", RightsView.as_view(), name="nourx_rights")]


menu.add_link(
    menu.SETTINGS,
    RightsView.page_title,
    "nourx_rights",
    icon="lock",
    order=12,
    shown=lambda request: request.user.is_superuser,
)
