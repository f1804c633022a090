"""Saved filters: kept under a name, shared with the team, removed by whoever saved them."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import QueryDict
from django.utils.translation import gettext as _

from core.audit.log import record
from core.desk.models import ListingChoice, SavedFilter
from core.desk.reading import forget_desk

MOST_FILTERS = 30  # of one person on one listing: a row of chips stays readable
LONGEST_NAME = 40
LONGEST_QUERY = 2000
PASSING = ("p", "export", "vue", "_w_filter_fragment", "next")  # of a page, not of a filter


class FilterRefused(Exception):
    """A filter that cannot be kept, with the sentence that says why."""

    def __init__(self, message: str):
        super().__init__(message)
        self.message = message


def kept_query(query: str) -> str:
    """Return what of an address filters, searches and sorts: without the page nor empty fields."""
    given, kept = QueryDict(query.lstrip("?")), QueryDict(mutable=True)
    for name, values in given.lists():
        filled = [value for value in values if value.strip()]
        if filled and name not in PASSING:
            kept.setlist(name, filled)
    return kept.urlencode()


@transaction.atomic
def save_filter(
    *, owner: Any, listing: str, name: str, query: str, is_shared: bool, at: datetime
) -> SavedFilter:
    """Keep the filter of a listing under a name; the same name replaces what one had.

    :raises FilterRefused: without a name, or a filter; too long; too many on this listing.
    """
    words, kept = " ".join(name.split()), kept_query(query)
    if not words or len(words) > LONGEST_NAME:
        raise FilterRefused(_("Donnez-lui un nom, de 40 caractères au plus."))
    if not kept:
        raise FilterRefused(_("Rien n’est filtré : choisissez d’abord un filtre ou une recherche."))
    if len(kept) > LONGEST_QUERY:
        raise FilterRefused(_("Ce filtre est trop long pour être gardé."))
    mine = SavedFilter.objects.select_for_update().filter(owner=owner, listing=listing)
    found = mine.filter(name__iexact=words).first()
    if found is None and mine.count() >= MOST_FILTERS:
        raise FilterRefused(_("Vous avez déjà 30 filtres ici : supprimez-en un d’abord."))
    was_shared = found is not None and found.is_shared
    saved = found or SavedFilter(owner=owner, listing=listing, created_at=at)
    saved.name, saved.query, saved.is_shared = words, kept, is_shared
    saved.save()
    forget_desk(owner, is_shared=is_shared or was_shared)
    record("filter_saved", saved, actor=owner, listing=listing, is_shared=is_shared)
    return saved


@transaction.atomic
def remove_filter(*, saved: SavedFilter, actor: Any) -> None:
    """Remove a saved filter; a listing that opened with it opens whole again."""
    record("filter_removed", saved, actor=actor, listing=saved.listing)
    forget_desk(actor, is_shared=saved.is_shared)
    forget_desk(saved.owner, is_shared=saved.is_shared)
    saved.delete()


@transaction.atomic
def open_listing_with(*, user: Any, listing: str, saved: SavedFilter | None) -> None:
    """Have a listing open with a filter for this person; None: whole."""
    ListingChoice.objects.update_or_create(
        user=user, listing=listing, defaults={"opens_with": saved}
    )
    forget_desk(user)
