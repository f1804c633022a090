"""Which page of the guide speaks of which screens.

A screen names its page (`help_slug`); else its address does, by its beginning; else the group of
the menu its model is in, whose page mostly bears the same name.
"""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from core.backoffice import menu

PAGES_OF_GROUPS = {"commercial": "clients", "parametres": "societe"}
PAGES_OF_ADDRESSES = {  # beginnings of addresses in the back-office: the longest one wins
    "alertes/": "accueil",
    "commercial/": "commercial",
    "snippets/crm/": "commercial",
    "snippets/crm/interaction/": "echanges",
    "projets/": "projets",
    "snippets/steering/": "projets",
    "taches/": "taches",
    "temps/": "taches",
    "snippets/workload/": "taches",
    "facturation/analytics/": "analyse",
    "snippets/fiscal/": "fiscal",
    "relances/": "relances",
    "rapports/impayes/": "relances",
    "snippets/dunning/": "relances",
    "snippets/notify/outgoingtext/": "relances",
    "snippets/notify/textrefusal/": "relances",
    "moyens-de-paiement/": "encaissements",
    "tresorerie/": "tresorerie",
    "comptabilite/": "comptabilite",
    "rapports/journaux-comptables/": "comptabilite",
    "support/": "support",
    "snippets/inbox/": "courrier",
    "workflows/": "connaissances",
    "identite-visuelle/": "regles",
    "snippets/notify/": "regles",
    "users/": "equipe",
    "journaux/": "journaux",
    "rapports/activite/": "journaux",
}


def help_slug_of(view: Any, request: HttpRequest | None = None) -> str:
    """Return the guide's page on a view, or on the address asked; empty when none speaks of it."""
    viewset = getattr(view, "viewset", None)
    own = getattr(view, "help_slug", "") or getattr(viewset, "help_slug", "")
    return own or _by_address(request or getattr(view, "request", None)) or _by_group(view)


def _by_address(request: HttpRequest | None) -> str:
    if request is None:
        return ""
    home = reverse("wagtailadmin_home")
    if request.path == home:
        return "accueil"
    address = request.path.removeprefix(home)
    found = [start for start in PAGES_OF_ADDRESSES if address.startswith(start)]
    return PAGES_OF_ADDRESSES[max(found, key=len)] if found else ""


def _by_group(view: Any) -> str:
    group = menu.group_of(getattr(view, "model", None))
    return PAGES_OF_GROUPS.get(group, group)
