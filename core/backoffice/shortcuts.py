"""Letters of the keyboard that lead somewhere: « g » then the letter of a group of the menu."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.access.policies import READ
from core.access.row_guard import policy_of
from core.backoffice import menu

HOME = "h"
NOTICES = "a"
GROUP_LETTERS = {
    "commercial": "c",
    "projets": "p",
    "taches": "t",
    "facturation": "f",
    "relances": "r",
    "encaissements": "e",
    "comptabilite": "l",
    "documents": "d",
    "support": "s",
    "connaissances": "k",
}


def places(user: Any) -> dict[str, tuple[Any, str]]:
    """Return where each letter leads a person: (label, address), of screens they may open."""
    found: dict[str, tuple[Any, str]] = {
        HOME: (_("Accueil"), reverse("wagtailadmin_home")),
        NOTICES: (_("Avis"), reverse("nourx_notices")),
    }
    screens = sorted(menu.every_screen(), key=lambda one: one[1])
    own = [(screen.letter, screen) for _group, _order, screen in screens]
    by_group = [(GROUP_LETTERS.get(group, ""), screen) for group, _order, screen in screens]
    for letter, screen in (*own, *by_group):  # what a screen says of itself comes first
        if not letter or letter in found:
            continue
        if policy_of(screen.model).user_has_any_permission(user, READ):
            viewset = screen.model.snippet_viewset
            found[letter] = (viewset.menu_label, reverse(viewset.get_url_name("list")))
    return found
