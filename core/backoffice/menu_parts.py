"""The parts of a long menu: what is set once in a group, and the settings by what they are about.

An entry of a group whose order reaches `SETTINGS_FROM` goes under « Réglages » in it; an entry of
« Paramètres » goes to the first part one of whose beginnings its address has, or stays as it is.
A part that would hold a single entry is not made.
"""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import Menu, MenuItem, SubmenuMenuItem

SETTINGS_FROM = {
    "commercial": 82,
    "projets": 70,
    "taches": 52,
    "facturation": 85,
    "tresorerie": 60,
    "comptabilite": 70,
    "support": 80,
}
PARTS: tuple[tuple[str, Any, str, int, tuple[str, ...]], ...] = (  # name, label, icon, order
    (
        "equipe",
        _("Équipe et sécurité"),
        "user",
        15,
        ("users/", "roles/", "securite/", "rapports/activite/", "rapports/connexions/"),
    ),
    (
        "messages",
        _("Messages"),
        "mail",
        25,
        ("snippets/notify/", "snippets/inbox/", "snippets/dunning/"),
    ),
    ("site", _("Site et publication"), "site", 700, ("workflows/", "sites/", "collections/")),
    ("journaux", _("Journaux"), "list-ul", 900, ("journaux/",)),
)


def with_settings_apart(group: str, items: list[MenuItem]) -> list[MenuItem]:
    """Return the entries of a group, those that are set once being under « Réglages »."""
    start = SETTINGS_FROM.get(group)
    if start is None:
        return items
    late = [item for item in items if item.order >= start]
    if len(late) < 2:
        return items
    part = _part(f"nourx-{group}-reglages", _("Réglages"), "cog", start, late)
    return [*(item for item in items if item not in late), part]


@hooks.register("construct_settings_menu")
def gather_settings(request: HttpRequest, items: list[MenuItem]) -> None:
    """Put the entries of « Paramètres » in parts."""
    home = reverse("wagtailadmin_home")
    address = {id(item): _address(item, request).removeprefix(home) for item in items}
    for name, label, icon, order, starts in PARTS:
        found = [item for item in items if address.get(id(item), "").startswith(starts)]
        if len(found) > 1:
            part = _part(f"nourx-{name}", label, icon, order, found)
            items[:] = [*(item for item in items if item not in found), part]
    items.sort(key=lambda item: item.order)


def _part(name: str, label: Any, icon: str, order: int, items: list[MenuItem]) -> MenuItem:
    return SubmenuMenuItem(label, Menu(items=items), name=name, icon_name=icon, order=order)


def _address(item: MenuItem, request: HttpRequest) -> str:
    return getattr(item.render_component(request), "url", "") or ""
