"""The contract between NOURX and a payment provider: plain values in, plain values out.

A gateway never sees a model, a request or a clock. It starts a payment, says whom a
notification is about, and asks how a payment stands; only that last answer may credit.
"""

from __future__ import annotations

import enum
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, ClassVar, Literal

from .errors import (
    GatewayError,
    GatewayMisconfigured,
    GatewayRejected,
    GatewayUnavailable,
    NotSupported,
    WebhookRejected,
    WebhookTooLarge,
)

__all__ = [
    "AttemptRef",
    "Capabilities",
    "Gateway",
    "GatewayError",
    "GatewayMisconfigured",
    "GatewayRejected",
    "GatewayUnavailable",
    "Money",
    "NotSupported",
    "PayState",
    "Payer",
    "RawWebhook",
    "Snapshot",
    "StartRequest",
    "StartResult",
    "WebhookHint",
    "WebhookRejected",
    "WebhookTooLarge",
]


class PayState(enum.StrEnum):
    """How a payment stands, according to the provider."""

    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"  # may still turn into a success
    EXPIRED = "expired"  # may still turn into a success
    UNKNOWN = "unknown"  # nothing was learnt: leave the attempt as it is


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in the currency's minor unit (whole francs in XOF), and its currency."""

    amount: int
    currency: str


@dataclass(frozen=True, slots=True)
class Payer:
    """Who pays, as far as we know; empty text where we do not."""

    name: str = ""  # family name
    surname: str = ""  # given names
    email: str = ""
    phone_e164: str = ""
    address: str = ""
    city: str = ""
    country: str = ""  # two letters
    state: str = ""
    zip_code: str = ""


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a gateway can do; amounts in minor units, by currency."""

    currencies: frozenset[str]
    min_amount: Mapping[str, int]
    max_amount: Mapping[str, int]
    step: Mapping[str, int]  # an amount must be a multiple of it
    refund: Literal["none", "manual", "full", "partial"]
    can_expire: bool
    webhook_auth: Literal["hmac-fields", "hmac-body", "stored-token", "none"]
    status_reports_amount: bool
    methods: tuple[str, ...]  # shown to the payer
    test_mode: bool = False


@dataclass(frozen=True, slots=True)
class StartRequest:
    """A payment to open. The reference is ours, new for every attempt, never used again."""

    merchant_ref: str
    money: Money
    description: str
    payer: Payer
    return_url: str
    cancel_url: str
    notify_url: str
    lang: str = "fr"
    channel: str = "ALL"
    metadata: str = ""  # an opaque id of the attempt, nothing else
    facts: Mapping[str, str] = field(default_factory=dict)  # ids of ours, where there is room


@dataclass(frozen=True, slots=True)
class StartResult:
    """Where to send the payer, and what the provider calls the payment."""

    redirect_url: str
    provider_token: str = ""
    provider_txn_id: str = ""
    notify_secret: str = field(default="", repr=False)
    expires_at: datetime | None = None
    raw: Mapping[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class AttemptRef:
    """What we remember of a started payment, enough to ask the provider about it."""

    merchant_ref: str
    provider_token: str
    provider_txn_id: str
    money: Money
    notify_secret: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """How a payment stood when the provider was asked.

    `money` is what the provider says was paid, None when it does not say or when it
    cannot be read. `alert` is a French sentence for the team, to be shown whatever the
    state. `fails_after` reads: still pending this long after the start, call it failed.
    `fee` is what the provider keeps of it, in minor units of the same currency, and
    `available_on` the day it pays out; None where it does not say.
    """

    state: PayState
    money: Money | None
    provider_txn_id: str = ""
    method: str = ""
    payer_phone: str = ""  # masked
    paid_at: datetime | None = None
    code: str = ""
    message: str = ""  # the provider's own words, for the team
    alert: str = ""
    fails_after: timedelta | None = None
    fee: int | None = None
    available_on: date | None = None
    raw: Mapping[str, Any] = field(default_factory=dict, repr=False)  # no secret, phone masked


@dataclass(frozen=True, slots=True)
class RawWebhook:
    """A notification as it came in; header names in lower case, body untouched."""

    method: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    content_type: str
    remote_addr: str
    received_at: datetime | None = None  # for signatures that carry their own time


@dataclass(frozen=True, slots=True)
class WebhookHint:
    """An authenticated hint that something changed. It carries no amount and no status.

    `event_id` is the same for the same notification sent again. `scheme` names the form
    of signature that matched, for the journal. `notify_secret` is the token of one payment
    that some providers send instead of a signature: whoever kept it compares. `is_repeatable`
    says the provider writes the same bytes for each change: look again each time.
    `is_reversal` says that money which came may have gone back.
    """

    merchant_ref: str = ""
    provider_token: str = ""
    provider_txn_id: str = ""
    notify_secret: str = field(default="", repr=False)
    event_id: str = ""
    event_type: str = ""
    scheme: str = ""
    is_ping: bool = False
    is_repeatable: bool = False
    is_reversal: bool = False


class Gateway(ABC):
    """One provider, with one set of keys."""

    code: ClassVar[str]

    @property
    @abstractmethod
    def capabilities(self) -> Capabilities:
        """What this gateway can do with these keys."""

    @abstractmethod
    def start(self, request: StartRequest) -> StartResult:
        """Open a payment and return the page where it is paid. Never retried blindly.

        :raises GatewayRejected: the request breaks a rule; nothing is owed by trying again.
        :raises GatewayMisconfigured: keys or addresses are wrong; a person must act.
        :raises GatewayUnavailable: no answer, or none that can be read.
        """

    @abstractmethod
    def authenticate_webhook(self, raw: RawWebhook) -> WebhookHint:
        """Say whom a notification is about. Uses no database and no network.

        :raises WebhookRejected: it is not the provider's, or it is malformed.
        """

    @abstractmethod
    def fetch(self, ref: AttemptRef) -> Snapshot:
        """Ask how a payment stands. The only source of truth; may be called again at will.

        :raises GatewayUnavailable: no answer, or none that can be read; ask again later.
        """

    def parse_return(self, params: Mapping[str, str]) -> str:
        """Return the reference named by a returning browser, for looking up only."""
        return params.get("transaction_id", "")

    def explain(self, code: str) -> str:
        """Return a French sentence telling the payer what a provider's code means, or ""."""
        return ""

    def expire(self, ref: AttemptRef) -> None:
        """Close a payment so that it can no longer be paid.

        :raises NotSupported: the provider has no such call.
        """
        raise NotSupported(self.code)

    def refund(self, ref: AttemptRef, money: Money, idempotency_key: str) -> Snapshot:
        """Send money back; the same key asks for the same refund once.

        :raises NotSupported: the provider has no such call.
        """
        raise NotSupported(self.code)

    def check_config(self) -> list[str]:
        """Return what is wrong with the settings, one French sentence each."""
        return []

    def probe(self) -> None:
        """Ask the provider something harmless that only good keys may ask.

        :raises GatewayMisconfigured: if it refuses the keys.
        :raises GatewayUnavailable: if it does not answer.
        """
        raise NotSupported(self.code)
