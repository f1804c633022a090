"""What an answer of `/v2/payment/check` says: state, amount, moment, words for the team."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext as _

from ..base import AttemptRef, Money, PayState, Snapshot
from ..masking import mask_payload, mask_phone, plain_text
from .codes import OUR_FAULT, RULES, read_answer
from .transport import Answer

WHOLE_AMOUNT = re.compile(r"\s*([0-9]{1,12})(?:\.0+)?\s*")


def read_snapshot(answer: Answer, ref: AttemptRef) -> Snapshot:
    """Return how the payment stands; an answer without `data` teaches nothing."""
    if answer.data is None:
        return Snapshot(
            state=PayState.UNKNOWN,
            money=None,
            code=answer.code,
            message=answer.message or answer.description,
            alert=_credentials_alert(answer.code),
            raw=mask_payload(answer.body),
        )
    reading = read_answer(answer.code, _word(answer.data, "status"))
    money = read_money(answer.data)
    alert = reading.alert
    if reading.state is PayState.SUCCEEDED and money != ref.money:
        alert = _amount_alert(answer.data, ref.money)
    return Snapshot(
        state=reading.state,
        money=money,
        provider_txn_id=_word(answer.data, "operator_id"),
        method=_word(answer.data, "payment_method"),
        payer_phone=_read_phone(answer.data),
        paid_at=read_moment(_word(answer.data, "payment_date")),
        code=answer.code,
        message=" ".join(filter(None, (answer.message, _word(answer.data, "status")))),
        alert=alert,
        fails_after=reading.fails_after,
        raw=mask_payload(answer.body),
    )


def read_money(data: Mapping[str, Any]) -> Money | None:
    """Return the amount reported, or None when it is not plainly a whole number.

    "150000", " 150000" and "150000.00" are; "150 000", "1e5" and "150000.50" are not.
    """
    amount, currency = data.get("amount"), _word(data, "currency").upper()
    if type(amount) is int:
        amount = str(amount)
    match = WHOLE_AMOUNT.fullmatch(amount) if isinstance(amount, str) else None
    if match is None or not re.fullmatch("[A-Z]{3}", currency):
        return None
    return Money(int(match[1]), currency)


def read_moment(text: str) -> datetime | None:
    """Return the moment of a CinetPay date, which is in Abidjan time, that is UTC."""
    try:
        return datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
    except ValueError:
        return None


def _word(data: Mapping[str, Any], name: str) -> str:
    return plain_text(data.get(name)).strip()


def _read_phone(data: Mapping[str, Any]) -> str:
    number, prefix = _word(data, "phone_number"), _word(data, "phone_prefix").lstrip("+")
    if not number:
        return ""
    return mask_phone(f"+{prefix}{number}" if prefix else number)


def _credentials_alert(code: str) -> str:
    if RULES.get(code) is not OUR_FAULT:
        return ""
    return _("CinetPay refuse nos demandes (code %(code)s) : vérifiez les clés.") % {"code": code}


def _amount_alert(data: Mapping[str, Any], asked: Money) -> str:
    return _("CinetPay annonce %(paid)s %(paid_in)s au lieu de %(asked)s %(asked_in)s.") % {
        "paid": _word(data, "amount") or "—",
        "paid_in": _word(data, "currency"),
        "asked": asked.amount,
        "asked_in": asked.currency,
    }
