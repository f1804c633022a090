"""Shapes the back-office: its menu, its home page, its looks."""

from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.search import SearchArea

from core.audit import log
from core.backoffice import (
    client_sessions,  # noqa: F401  registers its hook
    menu,
)
from core.backoffice.addresses import ADDRESSES
from core.backoffice.bulk import RecordBulkDelete
from core.backoffice.home import FiguresPanel, ShortcutsPanel, TodayPanel
from core.backoffice.screens import (  # noqa: F401  registers them
    activity,
    alerts,
    branding,
    client_people,
    clients,
    companies,
    erasures,
    files,
    guide,
    journals,
    members,
    messages,
    notices,
    rights,
    rule_sends,
    rules,
    security,
    seeing,
    segments,
    sign_ins,
    workdays,
    writing,
)
from core.backoffice.users import closed_user_bulk_actions

log.declare(rows_exported=_("Liste exportée"))

HIDDEN_ENTRIES = {"help", "reports"}
SITE_ENTRIES = {  # Wagtail's own, below the work: order, and our label where theirs misleads
    "explorer": (810, _("Site public")),
    "images": (820, None),
    "documents": (830, _("Fichiers du site")),
}

for _name in menu.GROUPS:
    hooks.register("register_admin_menu_item", lambda name=_name: menu.group_item(name))

# After Wagtail's own, whose place it takes in the registry.
hooks.register("register_bulk_action", RecordBulkDelete, order=10)
for _action in closed_user_bulk_actions():
    hooks.register("register_bulk_action", _action, order=10)


@hooks.register("insert_global_admin_css")
def admin_css():
    return format_html('<link rel="stylesheet" href="{}">', static("nourx/admin.css"))


@hooks.register("insert_global_admin_js")
def admin_js():
    return format_html('<script type="module" src="{}"></script>', static("nourx/admin.js"))


@hooks.register("construct_homepage_panels")
def show_figures(request, panels):
    panels[:] = [ShortcutsPanel(), FiguresPanel(), TodayPanel()]  # what waits is in the alerts


@hooks.register("construct_homepage_summary_items")
def clear_summary(request, items):
    items.clear()


@hooks.register("construct_main_menu", order=1000)
def keep_our_menu(request, items):
    items[:] = [item for item in items if item.name not in HIDDEN_ENTRIES]
    for item in items:
        order, label = SITE_ENTRIES.get(item.name, (item.order, None))
        item.order, item.label = order, label or item.label


@hooks.register("register_admin_urls")
def shared_addresses():
    return ADDRESSES


@hooks.register("register_icons")
def our_icons(icons):
    return [*icons, "core/backoffice/icons/bell.svg"]


@hooks.register("register_admin_search_area")
def search_everywhere():
    return SearchArea(_("Chercher partout"), reverse("nourx_search"), name="partout", order=1)
