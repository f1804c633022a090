"""What an owner reads of a provider and of a channel: on or off, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from billing.methods.models import ProviderAccount
from billing.methods.queries import methods_of
from billing.payments import circuit, gateways
from billing.payments.building import has_keys
from billing.payments.channels import ChannelRules, merge_rules
from billing.payments.services.opening import notify_address
from core.money import format_amount


@dataclass(frozen=True)
class ProviderState:
    """One provider at one company. `tone` is ok, warn or off."""

    provider: str
    name: str
    label: str
    detail: str
    tone: str
    webhook: str
    account: ProviderAccount | None
    is_testable: bool


def provider_states(company_id: int, *, at: datetime) -> list[ProviderState]:
    """Return every provider as it stands for a company."""
    rows = {row.provider: row for row in ProviderAccount.objects.filter(company_id=company_id)}
    return [_provider_state(each, rows.get(each), company_id, at) for each in gateways.PROVIDERS]


def _provider_state(
    provider: str, account: ProviderAccount | None, company_id: int, at: datetime
) -> ProviderState:
    access = gateways.find_access(provider, company_id)
    label, detail, tone = _words(provider, account, access, at)
    return ProviderState(
        provider=provider,
        name=gateways.NAMES[provider],
        label=label,
        detail=detail,
        tone=tone,
        webhook=notify_address(provider),
        account=account,
        is_testable=access is not None,
    )


def _words(
    provider: str, account: ProviderAccount | None, access: gateways.Access | None, at: datetime
) -> tuple[str, str, str]:
    if account is None and not has_keys(provider):
        return _("Éteint"), _("Aucune clé : ni ici, ni dans l’environnement."), "off"
    if access is None:
        return _("Éteint"), _("Ses clés manquent, ou ne se lisent plus : saisissez-les."), "warn"
    if not access.is_active:
        return _("Éteint"), _("Mis hors service. Ses paiements en cours restent suivis."), "off"
    if problems := access.find_problems():
        return _("Éteint"), " ".join(problems), "warn"
    if circuit.is_open(access.key, at=at):
        return _("En pause"), _("Il ne répondait plus : nous réessayons tout seuls."), "warn"
    source = _("Compte d’ici.") if account else _("Clés de l’environnement.")
    trial = _("Mode d’essai : aucun argent réel.") if access.gateway.capabilities.test_mode else ""
    return _("En service"), f"{source} {trial}".strip(), "ok"


@dataclass(frozen=True)
class ChannelRow:
    """One channel as the list shows it."""

    rules: ChannelRules
    served_by: str
    limits: str

    @property
    def key(self) -> str:
        return self.rules.channel.key

    @property
    def name(self) -> str:
        return self.rules.channel.name

    @property
    def mark(self) -> str:
        return self.rules.channel.mark


def channel_rows(company_id: int) -> list[ChannelRow]:
    """Return every channel in its order, with who serves it first and its limits."""
    methods = methods_of(company_id, fresh=True)
    accesses = gateways.Accesses.of(methods)
    return [
        ChannelRow(rules, _served_by(rules, accesses), _limits(rules))
        for rules in merge_rules(methods.channels)
    ]


def _served_by(rules: ChannelRules, accesses: gateways.Accesses) -> str:
    """Name the providers that are on, first choice first."""
    names = [gateways.NAMES[each] for each in rules.providers if accesses.find(each)]
    return _(", puis ").join(names) or _("Personne en service : il n’est pas montré.")


def _limits(rules: ChannelRules) -> str:
    named: list[tuple[Any, int | None]] = [
        (_("dès %(amount)s"), rules.min_amount),
        (_("jusqu’à %(amount)s"), rules.max_amount),
        (_("%(amount)s par jour"), rules.daily_max),
    ]
    amounts = [
        text % {"amount": format_amount(amount, rules.currency)}
        for text, amount in named
        if amount is not None
    ]
    return ", ".join([*amounts, *rules.currencies, *rules.countries])
