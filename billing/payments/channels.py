"""The ways to pay online that a client chooses from, and what each is called at CinetPay."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings

from billing.payments.models import PaymentMethod


@dataclass(frozen=True)
class Channel:
    """A way to pay. `group` is what CinetPay is asked to offer; names are the operators' own."""

    key: str
    name: str
    mark: str  # two or three letters beside the name
    group: str
    operators: tuple[str, ...]  # the words of CinetPay’s answers
    method: PaymentMethod = PaymentMethod.MOBILE_MONEY


CHANNELS = (
    Channel("orange", "Orange Money", "OM", "MOBILE_MONEY", ("OM", "OMSN", "OMCI")),
    Channel("wave", "Wave", "W", "WALLET", ("WAVE", "WAVECI", "WAVESN")),
    Channel("mtn", "MTN MoMo", "MTN", "MOBILE_MONEY", ("MOMO", "MTN", "MOMOCI")),
    Channel("moov", "Moov Money", "MV", "MOBILE_MONEY", ("FLOOZ", "MOOV")),
    Channel(
        "card",
        "Carte Visa ou Mastercard",
        "CB",
        "CREDIT_CARD",
        ("VISAM", "VISA", "MASTERCARD", "CARD"),
        PaymentMethod.CARD,
    ),
)


def offered_channels(*, with_card: bool) -> list[Channel]:
    """Return the channels switched on; cards only for a payer whose details are complete."""
    return [
        channel
        for channel in CHANNELS
        if channel.key in settings.CINETPAY_CHANNELS and (with_card or channel.key != "card")
    ]


def find_channel(key: str) -> Channel | None:
    """Return the channel of a key, or None."""
    return next((channel for channel in CHANNELS if channel.key == key), None)


def operator_channel(word: str, default: str = "") -> Channel | None:
    """Return the channel of an operator's word, else the one the client had chosen."""
    named = next((each for each in CHANNELS if word.upper() in each.operators), None)
    return named or find_channel(default)
