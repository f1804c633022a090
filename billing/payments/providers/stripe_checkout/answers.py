"""What a Checkout session says: state, amount, fee, and money that went back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from django.utils.translation import gettext as _

from ..base import AttemptRef, Money, PayState, Snapshot
from ..masking import mask_payload, plain_text

KEPT = (
    "id",
    "object",
    "status",
    "payment_status",
    "amount",
    "amount_total",
    "currency",
    "client_reference_id",
    "livemode",
    "created",
    "expires_at",
    "reason",
)


def keep(answer: Mapping[str, Any]) -> dict[str, Any]:
    """Return the part of an answer fit to be stored: no address of a page, no payer."""
    kept = {name: answer[name] for name in KEPT if name in answer}
    intent = answer.get("payment_intent")
    if intent:
        kept["payment_intent"] = _id(intent)
    return mask_payload(kept)


def read_session(session: Mapping[str, Any], ref: AttemptRef) -> Snapshot:
    """Return how a session stands, with its fee when Stripe already knows it."""
    words = (plain_text(session.get("status")), plain_text(session.get("payment_status")))
    charge = _charge_of(session)
    reversal = _find_reversal(charge)
    state = _read_state(words)
    if plain_text(session.get("client_reference_id")) != ref.merchant_ref:
        state = PayState.UNKNOWN
    if reversal:
        state = PayState.UNKNOWN
    money = _read_money(session)
    fee, available_on = _read_payout(charge, money)
    return Snapshot(
        state=state,
        money=money,
        provider_txn_id=_id(session.get("payment_intent")),
        method="CARD",
        paid_at=_moment(charge.get("created")) if state is PayState.SUCCEEDED else None,
        code=reversal[0] if reversal else (words[1] or words[0]),
        message=" ".join(filter(None, words)),
        alert=reversal[1] if reversal else "",
        fee=fee,
        available_on=available_on,
        raw=keep(session),
    )


def _read_state(words: tuple[str, str]) -> PayState:
    """Return the state; complete but unpaid is a slow method: the money is on its way."""
    if words == ("complete", "paid"):
        return PayState.SUCCEEDED
    return PayState.EXPIRED if words[0] == "expired" else _pending(words[0])


def _pending(word: str) -> PayState:
    return PayState.PENDING if word in {"open", "complete"} else PayState.UNKNOWN


def _read_money(session: Mapping[str, Any]) -> Money | None:
    amount, currency = session.get("amount_total"), session.get("currency")
    if type(amount) is not int or not isinstance(currency, str):
        return None
    return Money(amount, currency.upper())


def _charge_of(session: Mapping[str, Any]) -> Mapping[str, Any]:
    intent = session.get("payment_intent")
    charge = intent.get("latest_charge") if isinstance(intent, Mapping) else None
    return charge if isinstance(charge, Mapping) else {}


def _find_reversal(charge: Mapping[str, Any]) -> tuple[str, str] | None:
    if charge.get("disputed"):
        return "disputed", _("Le payeur conteste ce paiement auprès de sa banque (Stripe).")
    if charge.get("refunded"):
        return "refunded", _("Stripe dit que ce paiement a été remboursé.")
    return None


def _read_payout(charge: Mapping[str, Any], money: Money | None) -> tuple[int | None, date | None]:
    """Return the fee in the payment's own currency, and the day the money is available."""
    entry = charge.get("balance_transaction")
    if not isinstance(entry, Mapping):
        return None, None
    fee, available = entry.get("fee"), _moment(entry.get("available_on"))
    is_same = money is not None and str(entry.get("currency", "")).upper() == money.currency
    return (fee if is_same and type(fee) is int else None), (
        available.date() if available else None
    )


def _id(value: Any) -> str:
    return plain_text(value.get("id") if isinstance(value, Mapping) else value, 100)


def _moment(value: Any) -> datetime | None:
    return datetime.fromtimestamp(value, UTC) if type(value) is int else None
