"""The menu of the back-office: a few groups, to which each app adds its screens.

    menu.add("facturation", InvoiceViewSet, order=10)
    menu.add_report("facturation", AgeingReport, order=80)
    menu.add_link("taches", _("Tableau"), "projects_board", icon="table", order=20,
                  shown=lambda request: request.user.has_perm("projects.view_task"))
    menu.add_page("projets", ProjectBoard, slug="projets/kanban", name="projects_board", order=5)

Groups, top to bottom: commercial, projets, taches, facturation, relances, encaissements,
tresorerie, comptabilite, documents, support, connaissances; and « parametres », at the bottom.
A group with one entry is drawn as that entry; what is set once goes under « Réglages »
(core.backoffice.menu_parts).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import Menu, MenuItem, SubmenuMenuItem
from wagtail.admin.ui.sidebar import LinkMenuItem
from wagtail.permissions import policy_registry
from wagtail.snippets.models import register_snippet

from core.backoffice.menu_parts import with_settings_apart

SETTINGS = "parametres"


@dataclass(frozen=True)
class Group:
    """A group of the menu."""

    label: Any
    icon: str
    order: int


GROUPS = {
    "commercial": Group(_("Commercial"), "group", 100),
    "projets": Group(_("Projets"), "folder-open-inverse", 200),
    "taches": Group(_("Tâches"), "tasks", 300),
    "facturation": Group(_("Facturation"), "doc-full", 400),
    "relances": Group(_("Relances"), "warning", 410),
    "encaissements": Group(_("Encaissements"), "mobile-alt", 420),
    "tresorerie": Group(_("Trésorerie"), "table", 430),
    "comptabilite": Group(_("Comptabilité"), "list-ol", 450),
    "documents": Group(_("Documents"), "folder-inverse", 500),
    "support": Group(_("Support"), "mail", 600),
    "connaissances": Group(_("Aide en ligne"), "help", 700),
}


_screens: dict[str, list[tuple[int, Any]]] = {}


def first_screens() -> list[Any]:
    """Return the first viewset of each group, top to bottom: what the team makes most."""
    return [min(_screens[name], key=lambda one: one[0])[1] for name in GROUPS if name in _screens]


def every_screen() -> list[tuple[str, int, Any]]:
    """Return (group, order, viewset class) of every screen of a model."""
    return [(group, *screen) for group, screens in _screens.items() for screen in screens]


def group_of(model: Any) -> str:
    """Return the group in whose menu the screens of a model are; empty when there is none."""
    found = (group for group, _order, screen in every_screen() if screen.model is model)
    return next(found, "")


def hook_of(group: str) -> str:
    """Return the Wagtail hook that gathers the entries of a group.

    :raises KeyError: if there is no such group.
    """
    if group == SETTINGS:
        return "register_settings_menu_item"
    GROUPS[group]
    return f"nourx_menu_{group}"


def add(group: str, viewset_class: Any, *, order: int = 50) -> None:
    """Install the screens of a viewset, and put them in a group of the menu."""
    hook = hook_of(group)
    _screens.setdefault(group, []).append((order, viewset_class))
    register_snippet(lambda: viewset_class(menu_hook=hook, menu_order=order))


def add_link(
    group: str,
    label: Any,
    url_name: str,
    *,
    icon: str,
    order: int = 50,
    shown: Callable[[HttpRequest], bool],
) -> None:
    """Put a link to a page of ours in a group; `shown` hides it, the page itself must refuse."""
    hooks.register(hook_of(group), lambda: _Link(label, url_name, icon, order, shown))


def add_report(group: str, report_class: Any, *, order: int = 90) -> None:
    """Install a report (core.backoffice.reports) at /admin/rapports/<slug>/, and list it."""
    name, results = report_class.url_name(), report_class.results_url_name()
    slug = report_class.slug

    def addresses() -> list[Any]:
        page, part = report_class.as_view(), report_class.as_view(results_only=True)
        return [
            path(f"rapports/{slug}/", page, name=name),
            path(f"rapports/{slug}/results/", part, name=results),
        ]

    def shown(request: HttpRequest) -> bool:
        policy = policy_registry.get_by_type(report_class.model)
        return policy.user_has_permission(request.user, report_class.permission_required)

    hooks.register("register_admin_urls", addresses)
    add_link(
        group,
        report_class.page_title,
        name,
        icon=report_class.header_icon,
        order=order,
        shown=shown,
    )


def add_page(
    group: str, page_class: Any, *, slug: str, name: str, order: int = 50, label: Any = ""
) -> None:
    """Install a page of ours or a board at /admin/<slug>/, and list it for whoever may view it.

    The page class has `model`, `permission`, `page_title` and `header_icon`, and refuses by itself.
    """

    def shown(request: HttpRequest) -> bool:
        policy = policy_registry.get_by_type(page_class.model)
        return policy.user_has_permission(request.user, page_class.permission)

    hooks.register(
        "register_admin_urls", lambda: [path(f"{slug}/", page_class.as_view(), name=name)]
    )
    words, icon = label or page_class.page_title, page_class.header_icon
    add_link(group, words, name, icon=icon, order=order, shown=shown)


class _Link(MenuItem):
    """A link whose address is looked up when it is shown."""

    def __init__(self, label: Any, url_name: str, icon: str, order: int, shown: Callable):
        super().__init__(label, url_name, icon_name=icon, order=order)
        self.shown = shown

    def is_shown(self, request: HttpRequest) -> bool:
        return self.shown(request)

    def render_component(self, request: HttpRequest) -> LinkMenuItem:
        return LinkMenuItem(self.name, self.label, reverse(self.url), icon_name=self.icon_name)


class _GroupMenu(Menu):
    """The entries of a group, those that are set once kept apart."""

    def __init__(self, group: str):
        super().__init__(register_hook_name=hook_of(group))
        self.group = group

    def menu_items_for_request(self, request: HttpRequest) -> list[MenuItem]:
        return with_settings_apart(self.group, super().menu_items_for_request(request))


class GroupItem(SubmenuMenuItem):
    """A group; drawn as its only entry when it has just one."""

    def render_component(self, request: HttpRequest) -> Any:
        entries = self.menu.render_component(request)
        if len(entries) != 1 or not isinstance(entries[0], LinkMenuItem):
            return super().render_component(request)
        return LinkMenuItem(self.name, self.label, entries[0].url, icon_name=self.icon_name)


def group_item(name: str) -> GroupItem:
    """Return the entry of a group for the main menu."""
    group = GROUPS[name]
    return GroupItem(
        group.label,
        _GroupMenu(name),
        name=f"nourx-{name}",
        icon_name=group.icon,
        order=group.order,
    )
