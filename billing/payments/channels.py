"""The ways to pay online that a client chooses from, and what each is called at its providers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.conf import settings

from billing.methods.models import ChannelSetting
from billing.methods.models.accounts import Provider
from billing.methods.queries import methods_of
from billing.payments.models import PaymentMethod

CARD = "card"
CINETPAY, STRIPE = Provider.CINETPAY.value, Provider.STRIPE.value
WAVE, ORANGE = Provider.WAVE.value, Provider.ORANGE.value


@dataclass(frozen=True)
class Channel:
    """A way to pay. `routes` are the providers that serve it, first choice first, each with
    what it is asked to offer; `operators` the words of their answers; names are the operators' own.
    """

    key: str
    name: str
    mark: str  # two or three letters beside the name
    routes: dict[str, str]
    operators: tuple[str, ...]
    method: PaymentMethod = PaymentMethod.MOBILE_MONEY


CHANNELS = (
    Channel(
        "orange",
        "Orange Money",
        "OM",
        {CINETPAY: "MOBILE_MONEY", ORANGE: ""},
        ("OM", "OMSN", "OMCI", "OM_CI", "OM_SN"),
    ),
    Channel(
        "wave",
        "Wave",
        "W",
        {CINETPAY: "WALLET", WAVE: ""},
        ("WAVE", "WAVECI", "WAVESN", "WAVE_CI", "WAVE_SN"),
    ),
    Channel(
        "mtn",
        "MTN MoMo",
        "MTN",
        {CINETPAY: "MOBILE_MONEY"},
        ("MOMO", "MTN", "MOMOCI", "MTN_CI"),
    ),
    Channel("moov", "Moov Money", "MV", {CINETPAY: "MOBILE_MONEY"}, ("FLOOZ", "MOOV", "MOOV_CI")),
    Channel("free", "Free Money", "FM", {CINETPAY: "MOBILE_MONEY"}, ("FREE", "FREESN", "FREE_SN")),
    Channel(
        CARD,
        "Carte Visa ou Mastercard",
        "CB",
        {CINETPAY: "CREDIT_CARD", STRIPE: ""},
        ("VISAM", "VISA", "MASTERCARD", "CARD"),
        PaymentMethod.CARD,
    ),
)
KEYS = tuple(channel.key for channel in CHANNELS)


@dataclass(frozen=True)
class ChannelRules:
    """How a company offers a channel. Amounts are minor units of `currency`, None for no limit."""

    channel: Channel
    is_enabled: bool
    provider: str = ""
    currency: str = "XOF"
    min_amount: int | None = None
    max_amount: int | None = None
    daily_max: int | None = None
    currencies: tuple[str, ...] = field(default_factory=tuple)
    countries: tuple[str, ...] = field(default_factory=tuple)

    @property
    def providers(self) -> list[str]:
        """The providers that serve it, the chosen one first."""
        known = list(self.channel.routes)
        first = [self.provider] if self.provider in known else []
        return first + [provider for provider in known if provider not in first]

    def is_for(self, *, currency: str, country: str) -> bool:
        """Tell whether it is offered for an invoice's currency and a client's country."""
        return (not self.currencies or currency in self.currencies) and (
            not self.countries or country.upper() in self.countries
        )


def rules_of(company_id: int) -> list[ChannelRules]:
    """Return every channel as a company offers it or not, in its order, read now."""
    return merge_rules(methods_of(company_id, fresh=True).channels)


def merge_rules(rows: Iterable[ChannelSetting]) -> list[ChannelRules]:
    """Return the rules of every channel: those kept, else what the environment says."""
    known = {row.channel: row for row in rows}
    usual = {key: position for position, key in enumerate(default_order())}
    ordered = sorted(
        CHANNELS,
        key=lambda one: known[one.key].position if one.key in known else usual[one.key],
    )
    return [_rules(channel, known.get(channel.key)) for channel in ordered]


def default_order() -> list[str]:
    """Return the channels in the order of the environment, those it does not name last."""
    named = [key for key in settings.CINETPAY_CHANNELS if key in KEYS]
    return named + [key for key in KEYS if key not in named]


def _rules(channel: Channel, row: ChannelSetting | None) -> ChannelRules:
    if row is None:
        return ChannelRules(channel, is_enabled=channel.key in settings.CINETPAY_CHANNELS)
    return ChannelRules(
        channel,
        is_enabled=row.is_enabled,
        provider=row.provider,
        currency=row.currency,
        min_amount=row.min_amount,
        max_amount=row.max_amount,
        daily_max=row.daily_max,
        currencies=tuple(row.currencies),
        countries=tuple(row.countries),
    )


def find_channel(key: str) -> Channel | None:
    """Return the channel of a key, or None."""
    return next((channel for channel in CHANNELS if channel.key == key), None)


def operator_channel(word: str, default: str = "") -> Channel | None:
    """Return the channel of an operator's word, else the one the client had chosen."""
    named = next((each for each in CHANNELS if word.upper() in each.operators), None)
    return named or find_channel(default)
