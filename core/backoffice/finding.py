"""The search of the whole back-office: screens, acts, then rows of each module, as one may read.

A module gives its rows with the hook `nourx_search_sources`; screens come from the menu itself, so
that nothing is offered that the person would not see there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from wagtail.admin.menu import admin_menu

from core import hooks
from core.access.row_guard import policy_of
from core.backoffice import guide, menu
from core.backoffice.search import search
from core.hooks import SearchHit
from core.once import once
from core.search import search_text

SHORTEST = 2  # letters or figures before rows are looked for
MOST_SCREENS = 6
MOST_PAGES = 3
CANDIDATES = (
    200  # matches among which the best are chosen: a word as common as « sarl » stays quick
)


@dataclass(frozen=True)
class Found:
    """What was found of one kind."""

    key: str
    label: Any
    icon: str
    hits: Sequence[SearchHit]
    url: str = ""  # the list of all of them


def find(request: HttpRequest, text: str, *, most: int) -> list[Found]:
    """Return what a person may read and looks for, `most` of each kind: screens and acts first."""
    folded = search_text(text)
    found = [_acts(request, folded), _screens(request, folded)]
    if len(folded.replace(" ", "")) >= SHORTEST:
        for source in hooks.search_sources(request):
            hits = list(source.find(text.strip(), most))[:most]
            url = f"{source.url}?q={text.strip()}" if source.url else ""
            found.append(Found(source.key, source.label, source.icon, hits, url))
        found.append(_pages_of_guide(text))
    return [one for one in found if one.hits]


def best_of(
    rows: QuerySet, text: str, *, most: int, exact: str = "", fields: Sequence[str] = ()
) -> QuerySet:
    """Return the rows that match, in one query: that whose number was typed first, then the newest.

    Only some matches are compared, so that a common word costs no more than a rare one. `exact`
    is the unique field a person may type whole, such as "number"; `fields` are those of
    `core.backoffice.search.search`, for a model without `search_vector`.
    """
    model = rows.model
    kept = search(model._default_manager.order_by(), text, fields).values("pk")[:CANDIDATES]
    rank: Any = Value(1, output_field=IntegerField())
    if exact:
        same = {f"{exact}__in": [text, text.upper()]}
        kept = model._default_manager.order_by().filter(**same).values("pk").union(kept)
        rank = Case(When(**same, then=Value(0)), default=rank)
    return rows.filter(pk__in=kept).order_by(rank, "-pk")[:most]


def _pages_of_guide(text: str) -> Found:
    hits = []
    for page, part in guide.search(text)[:MOST_PAGES]:
        url = reverse("nourx_help", args=[page.slug])
        hits.append(
            SearchHit(part.text, page.title, f"{url}#{part.anchor}")
            if part
            else SearchHit(page.title, "", url)
        )
    return Found("guide", _("Guide"), "help", hits)


def _screens(request: HttpRequest, folded: str) -> Found:
    entries = once(request, "menu-entries", lambda: _entries(request))
    hits = [hit for hit, words in entries if _begins(folded, words)]
    return Found("ecrans", _("Écrans"), "desktop", hits[:MOST_SCREENS])


def _acts(request: HttpRequest, folded: str) -> Found:
    """Return what the person may create; before anything is typed, the main thing of each group."""
    mains = menu.first_screens()
    hits = []
    for group, _order, screen in menu.every_screen():
        viewset = screen.model.snippet_viewset
        is_found = _begins(folded, search_text(str(viewset.add_label)))
        if not viewset.add_label or not is_found or (not folded and screen not in mains):
            continue
        if policy_of(screen.model).user_has_permission(request.user, "add"):
            label = menu.GROUPS[group].label if group in menu.GROUPS else _("Réglages")
            hits += [SearchHit(viewset.add_label, label, url) for url in _add_urls(viewset)]
    return Found("actes", _("Créer"), "plus", hits[:MOST_SCREENS])


def _add_urls(viewset: Any) -> list[str]:
    """Return the address where a row is made; nothing when rows are made elsewhere."""
    try:
        return [reverse(viewset.get_url_name("add"))]
    except NoReverseMatch:
        return []


def _entries(request: HttpRequest) -> list[tuple[SearchHit, str]]:
    """Return every entry of the person’s menu, with the words it is found by."""
    return list(_walk(admin_menu.render_component(request), ""))


def _walk(items: Any, above: str) -> Any:
    for item in items:
        inner = getattr(item, "menu_items", None)
        if inner is not None:
            yield from _walk(inner, str(item.label))
        elif getattr(item, "url", ""):
            yield SearchHit(item.label, above, item.url), search_text(str(item.label), above)


def _begins(folded: str, words: str) -> bool:
    """Tell whether every word typed begins one of the words; nothing typed is found everywhere."""
    known = words.split()
    return all(any(one.startswith(typed) for one in known) for typed in folded.split())
