"""Who can be paid with: operators' names as plain text, and where each is offered."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .orders import CARD_FIELDS
from .transactions import Transaction

CARD = "VISAM"


@dataclass(frozen=True)
class Operator:
    """A means of payment: its name, its short sign, its channel and its country."""

    code: str
    name: str | Promise
    sign: str
    channel: str
    country: str = ""


OPERATORS = {
    operator.code: operator
    for operator in (
        Operator("OM", "Orange Money", "OM", "MOBILE_MONEY"),
        Operator("WAVECI", "Wave", "W", "WALLET", "CI"),
        Operator("WAVESN", "Wave", "W", "WALLET", "SN"),
        Operator("MOMO", "MTN MoMo", "MTN", "MOBILE_MONEY", "CI"),
        Operator("FLOOZ", "Moov Money", "MV", "MOBILE_MONEY", "CI"),
        Operator("FREESN", "Free Money", "FM", "MOBILE_MONEY", "SN"),
        Operator(CARD, _("Carte Visa ou Mastercard"), "CB", "CREDIT_CARD"),
    )
}
BY_PREFIX = {"07": "OM", "05": "MOMO", "01": "FLOOZ", "77": "OM", "78": "OM", "76": "FREESN"}


def offered_operators(payment: Transaction) -> list[Operator]:
    """Return the operators a payer may choose; cards only when the merchant knows them well."""
    channels = set(payment.channels.split(","))
    country = "SN" if payment.customer.get("customer_country") == "SN" else "CI"
    return [
        operator
        for operator in OPERATORS.values()
        if ("ALL" in channels or operator.channel in channels)
        and operator.country in {"", country}
        and (operator.code != CARD or set(CARD_FIELDS) <= set(payment.customer))
    ]


def guess_operator(national_number: str) -> str:
    """Return the operator a number's first digits stand for, or ""."""
    return BY_PREFIX.get(re.sub(r"\D", "", national_number)[:2], "")
