"""Stripe Checkout: the hosted page for cards, in francs (no cents) and in euros (cents)."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, ClassVar
from urllib.parse import urlsplit

import requests
import stripe
from django.utils.translation import gettext as _

from ..addresses import find_address_problems, is_own, is_safe_page, with_reference
from ..base import (
    AttemptRef,
    Capabilities,
    Gateway,
    Money,
    PayState,
    RawWebhook,
    Snapshot,
    StartRequest,
    StartResult,
    WebhookHint,
)
from ..errors import GatewayMisconfigured, GatewayRejected, GatewayUnavailable
from ..http import LOOPBACK, PAUSE_AFTER_429
from ..limits import require_within
from . import notifications
from .answers import keep, read_session

PRODUCTION_URL = "https://api.stripe.com"
DOMAINS = ("stripe.com",)
# Minor units, as Stripe counts them too: francs have none, the others have cents.
MIN_AMOUNT = {"XOF": 500, "XAF": 500, "EUR": 50, "USD": 50, "GBP": 30, "CAD": 50, "CHF": 50}
MAX_AMOUNT = {"XOF": 99_999_999, "XAF": 99_999_999}
DEFAULT_MAX = 99_999_999
EXPANDED = ["payment_intent.latest_charge.balance_transaction"]

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class StripeGateway(Gateway):
    """One Stripe account: its secret key, and the secret of its notification address."""

    code: ClassVar[str] = "stripe"

    secret_key: str = field(repr=False)
    webhook_secret: str = field(repr=False)
    base_url: str = PRODUCTION_URL
    timeout: float = 30
    network_retries: int = 1
    currencies: frozenset[str] = frozenset(MIN_AMOUNT)

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(
            currencies=self.currencies,
            min_amount={currency: MIN_AMOUNT[currency] for currency in self.currencies},
            max_amount={each: MAX_AMOUNT.get(each, DEFAULT_MAX) for each in self.currencies},
            step=dict.fromkeys(self.currencies, 1),
            refund="partial",
            can_expire=True,
            webhook_auth="hmac-body",
            status_reports_amount=True,
            methods=("Visa, Mastercard",),
            test_mode="_test_" in self.secret_key or not is_own(self.base_url, DOMAINS),
        )

    def start(self, request: StartRequest) -> StartResult:
        """Create a Checkout session; see `Gateway.start`.

        The amount goes in minor units as it is: 10 000 XOF is 10000, and 100 EUR is 10000.
        """
        require_within(self.capabilities, request.money)
        key = f"checkout-{request.merchant_ref}"
        with _sorted_errors():
            made = self._sessions.create(self._start_params(request), {"idempotency_key": key})
        session = made.to_dict()
        page = session.get("url")
        if not isinstance(page, str) or not session.get("id"):
            raise GatewayUnavailable("created, but without a payment page", may_exist=True)
        if not is_safe_page(page, base_url=self.base_url, domains=DOMAINS):
            raise GatewayMisconfigured("payment page on a foreign host", may_exist=True)
        return StartResult(
            redirect_url=page,
            provider_token=session["id"],
            expires_at=_read_moment(session.get("expires_at")),
            raw=keep(session),
        )

    def _start_params(self, request: StartRequest) -> Any:
        facts = {**request.facts, "reference": request.merchant_ref, "attempt_id": request.metadata}
        params = {
            "mode": "payment",
            "client_reference_id": request.merchant_ref,
            "line_items": [
                {
                    "quantity": 1,
                    "price_data": {
                        "currency": request.money.currency.lower(),
                        "unit_amount": request.money.amount,
                        "product_data": {"name": request.description[:250] or _("Paiement")},
                    },
                }
            ],
            "metadata": facts,
            "payment_intent_data": {"metadata": facts, "description": request.description[:250]},
            "success_url": with_reference(request.return_url, request.merchant_ref),
            "cancel_url": request.cancel_url,
            "locale": request.lang if request.lang in {"fr", "en"} else "fr",
        }
        if "@" in request.payer.email:
            params["customer_email"] = request.payer.email
        return params

    def authenticate_webhook(self, raw: RawWebhook) -> WebhookHint:
        """Check `Stripe-Signature` over the raw body; see `Gateway.authenticate_webhook`."""
        return notifications.read(raw, self.webhook_secret)

    def fetch(self, ref: AttemptRef) -> Snapshot:
        """Ask for the session with its charge; without its id nothing can be asked.

        A session that was created without our hearing of it expires by itself within a day.
        """
        if not ref.provider_token:
            return Snapshot(PayState.UNKNOWN, None, code="no-session")
        with _sorted_errors():
            try:
                found = self._sessions.retrieve(ref.provider_token, {"expand": EXPANDED})
            except stripe.InvalidRequestError as error:
                if error.http_status != 404:
                    raise
                return Snapshot(PayState.UNKNOWN, None, code="resource_missing")
        return read_session(found.to_dict(), ref)

    def expire(self, ref: AttemptRef) -> None:
        """Close the session; one that is over already is closed."""
        with _sorted_errors():
            try:
                self._sessions.expire(ref.provider_token)
            except stripe.InvalidRequestError as error:
                logger.info("session not expired: %s", error.code)

    def refund(self, ref: AttemptRef, money: Money, idempotency_key: str) -> Snapshot:
        """Give back all or a part; the same key gives back once.

        :raises GatewayRejected: if Stripe refuses, such as for more than was paid.
        """
        params: Any = {
            "payment_intent": ref.provider_txn_id,
            "amount": money.amount,
            "metadata": {"reference": ref.merchant_ref},
        }
        with _sorted_errors():
            options: Any = {"idempotency_key": f"refund-{idempotency_key}"}
            made = self._client.v1.refunds.create(params, options).to_dict()
        states = {"succeeded": PayState.SUCCEEDED, "failed": PayState.FAILED}
        return Snapshot(
            state=states.get(str(made.get("status")), PayState.PENDING),
            money=money,
            provider_txn_id=str(made.get("id", "")),
            code="refunded",
            raw=keep(made),
        )

    def check_config(self) -> list[str]:
        """Return what is wrong with the keys and the address, one French sentence each."""
        problems = []
        if not self.secret_key:
            problems.append(_("La clé secrète de Stripe manque (STRIPE_SECRET_KEY)."))
        elif self.secret_key.startswith("pk_"):
            problems.append(_("STRIPE_SECRET_KEY est une clé publique : il faut la clé secrète."))
        if not self.webhook_secret:
            problems.append(
                _(
                    "Le secret des notifications de Stripe manque (STRIPE_WEBHOOK_SECRET) : "
                    "toutes seront refusées."
                )
            )
        return problems + find_address_problems(
            self.base_url, provider="Stripe", variable="STRIPE_API_BASE"
        )

    def probe(self) -> None:
        """List one session; see `Gateway.probe`."""
        with _sorted_errors():
            self._sessions.list({"limit": 1})

    @property
    def _sessions(self) -> Any:
        return self._client.v1.checkout.sessions

    @property
    def _client(self) -> stripe.StripeClient:
        session = requests.Session()
        session.trust_env = urlsplit(self.base_url).hostname not in LOOPBACK
        session.verify = True
        return stripe.StripeClient(
            self.secret_key,
            base_addresses={"api": self.base_url.rstrip("/")},
            http_client=stripe.RequestsClient(timeout=self.timeout, session=session),
            max_network_retries=self.network_retries,
        )


ERRORS: tuple[tuple[type[stripe.StripeError], Callable[[Any], Exception]], ...] = (
    (stripe.APIConnectionError, lambda error: _unavailable(error, may_exist=True)),
    (stripe.RateLimitError, lambda error: _unavailable(error, retry_after=PAUSE_AFTER_429)),
    (stripe.AuthenticationError, lambda error: _misconfigured(error)),
    (stripe.PermissionError, lambda error: _misconfigured(error)),
    (stripe.IdempotencyError, lambda error: _rejected(error, may_exist=True)),
    (stripe.InvalidRequestError, lambda error: _rejected(error)),
    (stripe.StripeError, lambda error: _unavailable(error, may_exist=True)),
)


@contextmanager
def _sorted_errors() -> Iterator[None]:
    """Turn the library's errors into ours; their texts may quote a key, so only codes are kept."""
    try:
        yield
    except stripe.StripeError as error:
        make = next(make for kind, make in ERRORS if isinstance(error, kind))
        raise make(error) from None


def _words(error: stripe.StripeError) -> str:
    status = f" HTTP {error.http_status}" if error.http_status else ""
    return f"{type(error).__name__}{status} {error.code or ''}".strip()


def _unavailable(error: stripe.StripeError, **facts: Any) -> GatewayUnavailable:
    return GatewayUnavailable(_words(error), code=str(error.http_status or ""), **facts)


def _misconfigured(error: stripe.StripeError) -> GatewayMisconfigured:
    return GatewayMisconfigured(_words(error), code=str(error.http_status or ""))


def _rejected(error: stripe.StripeError, **facts: Any) -> GatewayRejected:
    return GatewayRejected(_words(error), code=str(error.code or ""), alert=True, **facts)


def _read_moment(value: Any) -> datetime | None:
    return datetime.fromtimestamp(value, UTC) if type(value) is int else None
