"""What a person keeps at their desk, read once: kept in Redis, forgotten at a change."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.cache import cache
from django.db import transaction
from redis.exceptions import RedisError

from core.desk.models import DeskWishes, ListingChoice, SavedFilter

logger = logging.getLogger(__name__)

SECONDS = 600
SHARED = "desk-shared"


@dataclass(frozen=True)
class Choice:
    """How a person wants one listing."""

    order: tuple[str, ...] = ()
    hidden: frozenset[str] = frozenset()
    opens_with: int | None = None


@dataclass(frozen=True)
class Saved:
    """A saved filter, as its chip shows it."""

    pk: int
    owner_id: int
    listing: str
    name: str
    query: str
    is_shared: bool


@dataclass(frozen=True)
class Desk:
    """Everything that a person keeps at their desk."""

    is_roomy: bool = False
    choices: Mapping[str, Choice] = field(default_factory=dict)
    filters: Sequence[Saved] = ()

    def choice_of(self, listing: str) -> Choice:
        """Return how the person wants a listing; nothing of it when they never said."""
        return self.choices.get(listing, Choice())

    def filters_of(self, listing: str) -> list[Saved]:
        """Return the saved filters of a listing, by name."""
        return [one for one in self.filters if one.listing == listing]

    def opening_filter(self, listing: str) -> Saved | None:
        """Return the filter with which the person wants a listing to open, if it still exists."""
        wanted = self.choice_of(listing).opens_with
        return next((one for one in self.filters_of(listing) if one.pk == wanted), None)


def desk_of(user: Any) -> Desk:
    """Return what a person keeps: without a query, as a rule; in three when it is read again."""
    mine, shared = _kept(user)
    own = {one.pk: one for one in mine[1]}
    filters = [*own.values(), *(one for one in shared if one.pk not in own)]
    filters.sort(key=lambda one: (one.name.casefold(), one.pk))
    return Desk(is_roomy=mine[0], choices=mine[2], filters=filters)


def forget_desk(user: Any, *, is_shared: bool = False) -> None:
    """Have the desk of a person read again, and shared filters too if one of them changed."""
    keys = [_key(user), SHARED] if is_shared else [_key(user)]
    transaction.on_commit(lambda: _forget(keys))


def _forget(keys: list[str]) -> None:
    try:
        cache.delete_many(keys)
    except RedisError:
        logger.warning("Redis is away; desks are late by %s seconds at most", SECONDS)


def _kept(user: Any) -> tuple[Any, list[Saved]]:
    try:
        found = cache.get_many([_key(user), SHARED])
    except RedisError:
        return _read(user), _read_shared()
    fresh: dict[str, Any] = {}
    if _key(user) not in found:
        fresh[_key(user)] = _read(user)
    if SHARED not in found:
        fresh[SHARED] = _read_shared()
    if fresh:
        cache.set_many(fresh, SECONDS)
    found |= fresh
    return found[_key(user)], found[SHARED]


def _read(user: Any) -> tuple[bool, list[Saved], dict[str, Choice]]:
    is_roomy = DeskWishes.objects.filter(user=user, is_roomy=True).exists()
    choices = {
        one.listing: Choice(tuple(one.order), frozenset(one.hidden), one.opens_with_id)
        for one in ListingChoice.objects.filter(user=user)
    }
    return is_roomy, [_saved(one) for one in SavedFilter.objects.filter(owner=user)], choices


def _read_shared() -> list[Saved]:
    shared = SavedFilter.objects.filter(is_shared=True, owner__is_active=True)
    return [_saved(one) for one in shared]


def _saved(one: SavedFilter) -> Saved:
    return Saved(one.pk, one.owner_id, one.listing, one.name, one.query, one.is_shared)


def _key(user: Any) -> str:
    return f"desk:{user.pk}"
