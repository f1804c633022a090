"""The body of CinetPay's `/v2/payment`: amounts, texts and card fields by its rules."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django.utils.translation import gettext as _

from ..base import Money, Payer, StartRequest
from ..errors import GatewayRejected

REFERENCE = re.compile(r"[A-Z0-9]{8,20}")
MIN_AMOUNT = {"XOF": 100, "XAF": 100, "GNF": 1000}  # whole units: these have no cents
STEP = 5
DESCRIPTION_LENGTH = 100
KEPT_SYMBOLS = "+%°€"
ZIP_WITHOUT_POSTCODES = {"CI": "00225"}  # what CinetPay expects where there are none


def require_payable(request: StartRequest, *, max_amount: int, currencies: frozenset[str]) -> None:
    """Check a request against CinetPay's rules, before anything leaves.

    :raises GatewayRejected: with a sentence for the payer when the amount is the reason.
    """
    if not REFERENCE.fullmatch(request.merchant_ref):
        raise GatewayRejected("reference is not 8 to 20 capitals and digits", alert=True)
    if request.metadata.lstrip()[:1] in {"{", "["}:
        raise GatewayRejected("metadata must not look like JSON", alert=True)
    _require_amount(request.money, max_amount, currencies)


def _require_amount(money: Money, max_amount: int, currencies: frozenset[str]) -> None:
    if money.currency not in currencies or money.currency not in MIN_AMOUNT:
        raise GatewayRejected(f"currency {money.currency} is not sold here", alert=True)
    if type(money.amount) is not int:
        raise GatewayRejected("amount is not a whole number", alert=True)
    if money.amount < MIN_AMOUNT[money.currency]:
        raise GatewayRejected(
            f"amount {money.amount} is below the minimum",
            payer_message=_("Ce montant est trop faible pour être payé en ligne."),
        )
    if money.amount > max_amount:
        raise GatewayRejected(
            f"amount {money.amount} is above {max_amount}",
            payer_message=_("Ce montant dépasse le plafond. Payez en plusieurs fois."),
        )
    if money.amount % STEP:
        raise GatewayRejected(f"amount {money.amount} is not a multiple of {STEP}", alert=True)


def build_start_body(request: StartRequest) -> dict[str, Any]:
    """Return what `/v2/payment` wants, without the keys."""
    body: dict[str, Any] = {
        "transaction_id": request.merchant_ref,
        "amount": request.money.amount,
        "currency": request.money.currency,
        "description": clean_description(request.description),
        "notify_url": request.notify_url,
        "return_url": request.return_url,
        "channels": request.channel,
        "lang": request.lang if request.lang in {"fr", "en"} else "fr",
        "metadata": request.metadata,
    }
    return body | payer_fields(request.payer)


def clean_description(text: str) -> str:
    """Return a text CinetPay accepts: no `# / $ _ &`, no emoji, at most 100 characters."""
    text = unicodedata.normalize("NFC", text).replace("&", " et ")
    kept = "".join(letter if _is_plain(letter) else " " for letter in text)
    short = " ".join(kept.split())[:DESCRIPTION_LENGTH].rstrip()
    return short or _("Paiement")


def _is_plain(letter: str) -> bool:
    if letter in "#/$_":
        return False
    return letter in KEPT_SYMBOLS or unicodedata.category(letter)[0] in "LMNP"


def payer_fields(payer: Payer) -> dict[str, str]:
    """Return the payer's fields: the whole card block, or only what is known of the name.

    Cards are offered only when every field is there. Nothing is made up to get them.
    """
    card = {
        "customer_name": payer.name,
        "customer_surname": payer.surname,
        "customer_email": payer.email,
        "customer_phone_number": payer.phone_e164,
        "customer_address": payer.address,
        "customer_city": payer.city,
        "customer_country": payer.country.upper(),
        "customer_state": (payer.state or payer.country).upper(),
        "customer_zip_code": payer.zip_code or ZIP_WITHOUT_POSTCODES.get(payer.country.upper(), ""),
    }
    card = {name: value.strip() for name, value in card.items()}
    if all(card.values()):
        return card
    names = ("customer_name", "customer_surname")
    return {name: card[name] for name in names if card[name]}
