"""Write a notification as CinetPay posts it, or spoil one on purpose."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Protocol
from urllib.parse import urlencode

from .clock import write_moment
from .orders import Merchant
from .stages import Stage
from .transactions import Transaction

FORM = "application/x-www-form-urlencoded"


class Posted(Protocol):
    """What the outbox can send."""

    @property
    def body(self) -> bytes: ...

    @property
    def headers(self) -> dict[str, str]: ...


@dataclass(frozen=True)
class Message:
    """What goes over the wire: sixteen values in CinetPay's order, and their MAC."""

    fields: dict[str, str]
    token: str | None
    encoding: str = "utf-8"
    content_type: str = FORM

    @property
    def body(self) -> bytes:
        if self.content_type == "application/json":
            return json.dumps(self.fields).encode()
        return urlencode(self.fields, encoding=self.encoding, errors="replace").encode()

    @property
    def headers(self) -> dict[str, str]:
        token = {} if self.token is None else {"x-token": self.token}
        return {"Content-Type": self.content_type, **token}


def write_message(
    transaction: Transaction, merchant: Merchant, *, stage: Stage | None = None
) -> Message:
    """Return the genuine notification of a stage, by default the current one."""
    moment = transaction.paid_at or transaction.created_at
    values = {
        "cpm_site_id": merchant.site_id,
        "cpm_trans_id": transaction.transaction_id,
        "cpm_trans_date": write_moment(moment),
        "cpm_amount": str(transaction.amount),
        "cpm_currency": transaction.currency,
        "signature": hashlib.sha256(transaction.token.encode()).hexdigest()[:40],
        "payment_method": transaction.operator,
        "cel_phone_num": transaction.phone,
        "cpm_phone_prefixe": transaction.prefix,
        "cpm_language": transaction.lang,
        "cpm_version": "V4",
        "cpm_payment_config": "SINGLE",
        "cpm_page_action": "PAYMENT",
        "cpm_custom": transaction.metadata,
        "cpm_designation": transaction.description,
        "cpm_error_message": (stage or transaction.stage).notified_word,
    }
    return Message(values, sign(values, merchant.secret_key))


def sign(values: dict[str, str], secret: str, encoding: str = "utf-8") -> str:
    """Return the MAC of sixteen values glued together."""
    glued = "".join(values.values()).encode(encoding, "replace")
    return hmac.new(secret.encode(), glued, hashlib.sha256).hexdigest()


def spoil(message: Message, mutation: str, merchant: Merchant) -> Message:
    """Return a message changed in one of the ways of `MUTATIONS`.

    :raises KeyError: there is no such way.
    """
    if mutation == "latin1":
        token = sign(message.fields, merchant.secret_key, "latin-1")
        return replace(message, token=token, encoding="latin-1")
    return MUTATIONS[mutation](message)


def _with(message: Message, **values: str) -> Message:
    return replace(message, fields=message.fields | values)


def _without_designation(message: Message) -> Message:
    kept = {name: value for name, value in message.fields.items() if name != "cpm_designation"}
    return replace(message, fields=kept)


def _shift_boundary(message: Message) -> Message:
    reference, date = message.fields["cpm_trans_id"], message.fields["cpm_trans_date"]
    return _with(message, cpm_trans_id=reference + date[0], cpm_trans_date=date[1:])


MUTATIONS: dict[str, Callable[[Message], Message]] = {
    "amount": lambda message: _with(message, cpm_amount=message.fields["cpm_amount"] + "0"),
    "drop_field": _without_designation,
    "extra_field": lambda message: _with(message, buyer_name="Awa"),
    "shuffle": lambda message: replace(message, fields=dict(reversed(message.fields.items()))),
    "bad_token": lambda message: replace(message, token="0" * 64),
    "no_token": lambda message: replace(message, token=None),
    "upper_token": lambda message: replace(message, token=(message.token or "").upper()),
    "json_body": lambda message: replace(message, content_type="application/json"),
    "boundary_shift": _shift_boundary,
}


@dataclass
class Notice:
    """A message on its way: when it is due, and what became of it."""

    number: int
    transaction_id: str
    label: str  # the stage told, or "PING"
    due_at: float
    url: str
    method: str = "POST"
    body: bytes = field(default=b"", repr=False)
    headers: dict[str, str] = field(default_factory=dict, repr=False)
    attempts: int = 0
    last_status: int | str = ""
    is_done: bool = False
    is_claimed: bool = False

    def describe(self) -> dict:
        """Return the notice as plain JSON values."""
        return {
            "number": self.number,
            "transaction_id": self.transaction_id,
            "label": self.label,
            "due_at": self.due_at,
            "method": self.method,
            "url": self.url,
            "headers": self.headers,
            "body": self.body.decode("ascii", "replace"),
            "attempts": self.attempts,
            "last_status": self.last_status,
            "done": self.is_done,
        }
