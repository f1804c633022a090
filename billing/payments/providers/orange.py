"""Orange Money Web Payment: a page where a payer types a number and a one-time code.

Notifications carry no signature and no reference of ours, only the token given at the start.
The status call takes the amount and does not return it: what was asked is what counts.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from .addresses import find_address_problems, is_own, is_safe_page, with_reference
from .base import (
    AttemptRef,
    Capabilities,
    Gateway,
    PayState,
    RawWebhook,
    Snapshot,
    StartRequest,
    StartResult,
    WebhookHint,
)
from .errors import (
    GatewayMisconfigured,
    GatewayRejected,
    GatewayUnavailable,
    WebhookRejected,
    WebhookTooLarge,
)
from .http import Reply, call_json, parse_object, read_reply, send
from .limits import require_within
from .masking import mask_payload, plain_text
from .tokens import NoTokens, TokenStore

PRODUCTION_URL = "https://api.orange.com"
DOMAINS = ("orange.com", "orange-money.com", "orange-sonatel.com")
TRIAL = "dev"
TRIAL_CURRENCY = "OUV"
MAX_NOTIFICATION = 16 * 1024
LONGEST_ADDRESS = 120
MARGIN = 60  # seconds before its end when a token is no longer used
STATES = {
    "SUCCESS": PayState.SUCCEEDED,
    "INITIATED": PayState.PENDING,
    "PENDING": PayState.PENDING,
    "FAILED": PayState.FAILED,
    "EXPIRED": PayState.EXPIRED,
}
SECRETS = frozenset({"pay_token", "notif_token", "payment_url", "access_token"})


@dataclass(frozen=True)
class OrangeMoneyGateway(Gateway):
    """One merchant of Orange Money in one country; `country` is "dev" on Orange's trial ground."""

    code: ClassVar[str] = "orange-money"

    client_id: str
    client_secret: str = field(repr=False)
    merchant_key: str = field(repr=False)
    country: str = "ci"
    base_url: str = PRODUCTION_URL
    connect_timeout: float = 5
    read_timeout: float = 30
    max_amount: int = 1_500_000
    tokens: TokenStore = field(default_factory=NoTokens, repr=False, compare=False)

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(
            currencies=frozenset({"XOF"}),
            min_amount={"XOF": 100},
            max_amount={"XOF": self.max_amount},
            step={"XOF": 1},
            refund="manual",
            can_expire=False,
            webhook_auth="stored-token",
            status_reports_amount=False,
            methods=("Orange Money",),
            test_mode=self.country == TRIAL or not is_own(self.base_url, DOMAINS),
        )

    def start(self, request: StartRequest) -> StartResult:
        """Open a payment page; see `Gateway.start`. XOF amounts go as whole numbers."""
        require_within(self.capabilities, request.money)
        if len(request.notify_url) > LONGEST_ADDRESS:
            raise GatewayMisconfigured("the address of notification is over 120 characters")
        reply = self._call("webpayment", self._start_body(request))
        body = reply.body or {}
        if reply.status not in {200, 201} or plain_text(body.get("status")) not in {"200", "201"}:
            raise _sort(reply)
        token, page = plain_text(body.get("pay_token")), body.get("payment_url")
        secret = plain_text(body.get("notif_token"))
        if not (token and secret and isinstance(page, str)):
            raise GatewayUnavailable("created, but without a page or a token", may_exist=True)
        if not is_safe_page(page, base_url=self.base_url, domains=DOMAINS):
            raise GatewayMisconfigured("payment page on a foreign host", may_exist=True)
        return StartResult(
            redirect_url=page, provider_token=token, notify_secret=secret, raw=_kept(body)
        )

    def _start_body(self, request: StartRequest) -> dict[str, Any]:
        return {
            "merchant_key": self.merchant_key,
            "currency": TRIAL_CURRENCY if self.country == TRIAL else request.money.currency,
            "order_id": request.merchant_ref,
            "amount": request.money.amount,
            "return_url": with_reference(request.return_url, request.merchant_ref),
            "cancel_url": request.cancel_url,
            "notif_url": request.notify_url,
            "lang": request.lang if request.lang in {"fr", "en"} else "fr",
            "reference": request.merchant_ref,
        }

    def authenticate_webhook(self, raw: RawWebhook) -> WebhookHint:
        """Read the token of a notification; whoever kept it at the start compares it."""
        if raw.method in {"GET", "HEAD"}:
            return WebhookHint(is_ping=True)
        if len(raw.body) > MAX_NOTIFICATION:
            raise WebhookTooLarge("body over 16 KiB")
        body = parse_object(raw.body)
        secret = plain_text((body or {}).get("notif_token"))
        if body is None or len(secret) < 8:
            raise WebhookRejected("no notif_token")
        return WebhookHint(
            notify_secret=secret,
            event_id=hashlib.sha256(raw.body).hexdigest(),
            event_type=plain_text(body.get("status"), 60),
            scheme="stored-token",
        )

    def fetch(self, ref: AttemptRef) -> Snapshot:
        """Ask `transactionstatus`, with the amount we asked for: another one is an error there."""
        if not ref.provider_token:
            return Snapshot(PayState.UNKNOWN, None, code="no-token")
        reply = self._call(
            "transactionstatus",
            {
                "order_id": ref.merchant_ref,
                "amount": ref.money.amount,
                "pay_token": ref.provider_token,
            },
        )
        body = reply.body or {}
        word = plain_text(body.get("status"), 40).upper()
        state = STATES.get(word, PayState.UNKNOWN) if reply.is_success else PayState.UNKNOWN
        if plain_text(body.get("order_id")) not in {"", ref.merchant_ref}:
            state = PayState.UNKNOWN
        return Snapshot(
            state=state,
            money=None,  # Orange does not say it
            provider_txn_id=plain_text(body.get("txnid"), 100),
            method="OM",
            code=word or str(reply.status),
            message=plain_text(body.get("message")) or word,
            raw=_kept(body),
        )

    def check_config(self) -> list[str]:
        """Return what is wrong with the keys and the address, one French sentence each."""
        names = {
            "ORANGE_MONEY_CLIENT_ID": self.client_id,
            "ORANGE_MONEY_CLIENT_SECRET": self.client_secret,
            "ORANGE_MONEY_MERCHANT_KEY": self.merchant_key,
        }
        problems = [
            _("Une clé d’Orange Money manque (%(name)s).") % {"name": name}
            for name, value in names.items()
            if not value
        ]
        if not (self.country.isascii() and self.country.isalpha()):
            problems.append(_("ORANGE_MONEY_COUNTRY est un code de pays, ou dev."))
        return problems + find_address_problems(
            self.base_url, provider="Orange Money", variable="ORANGE_MONEY_BASE_URL"
        )

    def probe(self) -> None:
        """Ask for an access token; see `Gateway.probe`."""
        self._sign_in()

    def _call(self, path: str, body: Mapping[str, Any]) -> Reply:
        reply = self._post(path, body, self.tokens.get(self._token_name) or self._sign_in())
        if reply.status != 401:
            return reply
        self.tokens.drop(self._token_name)  # it ended before its time: once more
        reply = self._post(path, body, self._sign_in())
        if reply.status == 401:
            raise GatewayMisconfigured("401 on a new token", code="401")
        return reply

    def _post(self, path: str, body: Mapping[str, Any], token: str) -> Reply:
        base = self.base_url.rstrip("/")
        return call_json(
            "POST",
            f"{base}/orange-money-webpay/{self.country}/v1/{path}",
            headers={"Authorization": f"Bearer {token}", "Accept": "application/json"},
            body=body,
            timeout=(self.connect_timeout, self.read_timeout),
        )

    def _sign_in(self) -> str:
        pair = f"{self.client_id}:{self.client_secret}".encode()
        headers = {
            "Authorization": f"Basic {base64.b64encode(pair).decode()}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        try:
            status, content = send(
                "POST",
                self.base_url.rstrip("/") + "/oauth/v3/token",
                data=urlencode({"grant_type": "client_credentials"}).encode(),
                headers=headers,
                timeout=(self.connect_timeout, self.read_timeout),
            )
            reply = read_reply(status, content)
        except GatewayUnavailable as error:  # no payment was asked for yet
            raise GatewayUnavailable(str(error), code=error.code) from error
        token = plain_text((reply.body or {}).get("access_token"), 4000)
        if not reply.is_success or not token:
            raise GatewayMisconfigured(f"no token: HTTP {reply.status}", code=str(reply.status))
        lasts = plain_text((reply.body or {}).get("expires_in"))
        seconds = int(lasts) if lasts.isdecimal() else 0
        if seconds > MARGIN:
            self.tokens.put(self._token_name, token, seconds=seconds - MARGIN)
        return token

    @property
    def _token_name(self) -> str:
        pair = f"{self.client_id}:{self.client_secret}:{self.base_url}".encode()
        return f"orange:{hashlib.sha256(pair).hexdigest()[:32]}"


def _sort(reply: Reply) -> GatewayRejected | GatewayMisconfigured:
    body = reply.body or {}
    words = plain_text(body.get("message")) or plain_text(body.get("description"))
    detail, code = f"{reply.status}: {words}", plain_text(body.get("code"), 40) or str(reply.status)
    if reply.status == 403:
        return GatewayMisconfigured(detail, code=code)
    return GatewayRejected(detail, code=code, alert=True, may_exist="exist" in words.lower())


def _kept(body: Mapping[str, Any]) -> dict[str, Any]:
    return mask_payload({name: value for name, value in body.items() if name not in SECRETS})
