"""How a company is paid: its accounts and channels, kept a minute for the pages that show them."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.cache import cache
from redis.exceptions import RedisError

from billing.methods.models import ChannelSetting, ProviderAccount

KEPT_SECONDS = 60


@dataclass(frozen=True)
class Methods:
    """The rows of one company. Keys are sealed in them, so they may lie in Redis."""

    accounts: tuple[ProviderAccount, ...]
    channels: tuple[ChannelSetting, ...]


def methods_of(company_id: int, *, fresh: bool = False) -> Methods:
    """Return how a company is paid; `fresh` reads the tables, for whoever opens a payment."""
    if fresh:
        return _read(company_id)
    try:
        kept = cache.get(_key(company_id))
    except RedisError:
        return _read(company_id)
    if not isinstance(kept, Methods):
        kept = _read(company_id)
        _keep(company_id, kept)
    return kept


def forget_methods(company_id: int) -> None:
    """Have the pages read again what changed."""
    try:
        cache.delete(_key(company_id))
    except RedisError:
        return


def _read(company_id: int) -> Methods:
    return Methods(
        tuple(ProviderAccount.objects.filter(company_id=company_id).order_by("pk")),
        tuple(ChannelSetting.objects.filter(company_id=company_id)),
    )


def _keep(company_id: int, methods: Methods) -> None:
    try:
        cache.set(_key(company_id), methods, timeout=KEPT_SECONDS)
    except RedisError:
        return


def _key(company_id: int) -> str:
    return f"payments:methods:{company_id}"
