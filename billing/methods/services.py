"""Changing how we are paid: keys, accounts, channels. The only place that writes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from billing.methods.keys import key_fields, seal, unseal
from billing.methods.models import ChannelSetting, ProviderAccount
from billing.methods.queries import forget_methods
from core.accounts.models import Company, User
from core.audit.log import changes_between, record


@transaction.atomic
def save_account(
    *,
    company: Company,
    provider: str,
    dialect: str,
    country: str,
    is_active: bool,
    keys: Mapping[str, str],
    actor: User,
    at: datetime,
) -> ProviderAccount:
    """Write down an account; a key left empty stays as it was, unless the dialect changed.

    The log says which keys changed, never what they are.
    """
    account = _lock_account(company, provider)
    before = _shown(account)
    known = unseal(account.keys) if account.dialect == dialect else {}
    names = [each.name for each in key_fields(provider, dialect)]
    typed = {name: keys[name].strip() for name in names if keys.get(name, "").strip()}
    kept = {name: known[name] for name in names if name in known} | typed
    account.dialect, account.country, account.is_active = dialect, country, is_active
    account.changed_by = actor
    if typed or not account.keys:
        account.keys, account.keys_changed_at = seal(kept), at
        account.tested_at, account.test_succeeded, account.test_detail = None, None, ""
    account.save()
    _forget(company)
    changed = [name for name, value in typed.items() if known.get(name) != value]
    record(
        "payment_account_saved",
        account,
        actor=actor,
        changes=changes_between(before, _shown(account)),
        keys_changed=changed,
    )
    return account


def _lock_account(company: Company, provider: str) -> ProviderAccount:
    account, _is_new = ProviderAccount.objects.get_or_create(
        company=company, provider=provider, defaults={"is_active": False}
    )
    return ProviderAccount.objects.select_for_update().get(pk=account.pk)


def _shown(account: ProviderAccount) -> dict[str, Any]:
    return {
        "provider": account.provider,
        "dialect": account.dialect,
        "country": account.country,
        "is_active": account.is_active,
    }


@transaction.atomic
def note_test(
    *, account: ProviderAccount, succeeded: bool, detail: str, actor: User, at: datetime
) -> None:
    """Keep what came of trying a connection; `detail` holds no key."""
    account.tested_at, account.test_succeeded, account.test_detail = at, succeeded, detail[:300]
    account.save(update_fields=["tested_at", "test_succeeded", "test_detail"])
    record("payment_account_tested", account, actor=actor, succeeded=succeeded)


@dataclass(frozen=True)
class ChannelWishes:
    """How a channel shall be offered. Amounts are minor units of `currency`, None for no limit."""

    provider: str = ""
    currency: str = "XOF"
    min_amount: int | None = None
    max_amount: int | None = None
    daily_max: int | None = None
    currencies: Sequence[str] = field(default_factory=tuple)
    countries: Sequence[str] = field(default_factory=tuple)


@transaction.atomic
def limit_channel(
    *,
    company: Company,
    order: Sequence[tuple[str, bool]],
    channel: str,
    wishes: ChannelWishes,
    actor: User,
) -> ChannelSetting:
    """Set the limits of a channel and who serves it; `order` is every channel as it stands now."""
    setting = _rows(company, order)[channel]
    before = _values(setting)
    setting.provider, setting.currency = wishes.provider, wishes.currency
    setting.min_amount, setting.max_amount = wishes.min_amount, wishes.max_amount
    setting.daily_max = wishes.daily_max
    setting.currencies, setting.countries = list(wishes.currencies), list(wishes.countries)
    setting.save()
    record(
        "payment_channel_changed",
        setting,
        actor=actor,
        changes=changes_between(before, _values(setting)),
    )
    return setting


@transaction.atomic
def switch_channel(
    *,
    company: Company,
    order: Sequence[tuple[str, bool]],
    channel: str,
    is_enabled: bool,
    actor: User,
) -> ChannelSetting:
    """Offer a channel, or no longer; told the same again, nothing changes."""
    setting = _rows(company, order)[channel]
    if setting.is_enabled != is_enabled:
        setting.is_enabled = is_enabled
        setting.save(update_fields=["is_enabled"])
        changes = {"is_enabled": [not is_enabled, is_enabled]}
        record("payment_channel_changed", setting, actor=actor, changes=changes)
    return setting


@transaction.atomic
def move_channel(
    *, company: Company, order: Sequence[tuple[str, bool]], channel: str, by: int, actor: User
) -> list[str]:
    """Move a channel up (-1) or down (1) and return the new order of the keys."""
    rows = _rows(company, order)
    keys = sorted(rows, key=lambda key: (rows[key].position, rows[key].pk))
    here = keys.index(channel)
    there = min(max(here + by, 0), len(keys) - 1)
    keys.insert(there, keys.pop(here))
    for position, key in enumerate(keys):
        if rows[key].position != position:
            rows[key].position = position
            rows[key].save(update_fields=["position"])
    if here != there:
        record("payment_channel_changed", rows[channel], actor=actor, order=keys)
    return keys


def _rows(company: Company, order: Sequence[tuple[str, bool]]) -> dict[str, ChannelSetting]:
    """Return a row per channel, under the company's lock; those missing follow the defaults."""
    Company.objects.select_for_update().get(pk=company.pk)
    _forget(company)
    rows = {row.channel: row for row in ChannelSetting.objects.filter(company=company)}
    for position, (key, is_enabled) in enumerate(order):
        if key not in rows:
            rows[key] = ChannelSetting.objects.create(
                company=company, channel=key, is_enabled=is_enabled, position=position
            )
    return rows


def _forget(company: Company) -> None:
    transaction.on_commit(lambda: forget_methods(company.pk))


def _values(setting: ChannelSetting) -> dict[str, Any]:
    names = ("provider", "currency", "min_amount", "max_amount", "daily_max")
    lists = {name: ", ".join(getattr(setting, name)) for name in ("currencies", "countries")}
    return {name: getattr(setting, name) for name in names} | lists
