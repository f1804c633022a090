"""CinetPay's newer API: keys by country, a bearer token, and a secret per payment.

Its status call does not say what was paid; when an amount does come it is compared, when none
does the amount that our server asked for counts. `notify_token` stands in for a signature.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar
from urllib.parse import quote

from django.utils.translation import gettext as _

from ..addresses import find_address_problems, is_own, is_safe_page, with_reference
from ..base import (
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
from ..errors import (
    GatewayMisconfigured,
    GatewayRejected,
    GatewayUnavailable,
    WebhookRejected,
    WebhookTooLarge,
)
from ..http import Reply, call_json, parse_object
from ..limits import require_within
from ..masking import mask_payload, mask_phone, plain_text
from ..tokens import NoTokens, TokenStore
from ..whole import read_whole_money
from .payload import REFERENCE, clean_description

LIVE_URL = "https://api.cinetpay.co"
TRIAL_URL = "https://api.cinetpay.net"
DOMAINS = ("cinetpay.co", "cinetpay.net", "cinetpay.com")
TRIAL_HOSTS = ("cinetpay.net",)
MAX_NOTIFICATION = 16 * 1024
TOKEN_SECONDS = 23 * 3600
CEILING = 2_500_000
LONGEST_ADDRESS = 120
STALE_TOKEN = frozenset({"1002", "1003"})
BAD_KEYS = frozenset({"1002", "1003", "1005"})
USED_REFERENCE = "1200"
STATES = {
    "100": PayState.SUCCEEDED,
    "2001": PayState.PENDING,
    "2002": PayState.PENDING,
    "2004": PayState.PENDING,
    "2003": PayState.EXPIRED,
    "2008": PayState.EXPIRED,
    "2005": PayState.FAILED,
    "2006": PayState.FAILED,
    "2007": PayState.FAILED,
    "2010": PayState.FAILED,
    "2011": PayState.FAILED,
}
SECRETS = frozenset({"payment_token", "notify_token", "payment_url", "access_token"})
PHONE = re.compile(r"\+\d{8,15}")


@dataclass(frozen=True)
class CinetPayV1Gateway(Gateway):
    """One CinetPay account of the newer kind."""

    code: ClassVar[str] = "cinetpay"

    api_key: str = field(repr=False)
    api_password: str = field(repr=False)
    base_url: str = ""
    fallback_email: str = ""
    connect_timeout: float = 5
    read_timeout: float = 30
    max_amount: int = CEILING
    tokens: TokenStore = field(default_factory=NoTokens, repr=False, compare=False)

    @property
    def address(self) -> str:
        """The API asked: the one given, else the one that the key opens."""
        if self.base_url:
            return self.base_url.rstrip("/")
        return TRIAL_URL if self.api_key.startswith("sk_test_") else LIVE_URL

    @property
    def capabilities(self) -> Capabilities:
        is_trial = not is_own(self.address, DOMAINS) or is_own(self.address, TRIAL_HOSTS)
        return Capabilities(
            currencies=frozenset({"XOF"}),
            min_amount={"XOF": 100},
            max_amount={"XOF": min(self.max_amount, CEILING)},
            step={"XOF": 5},
            refund="manual",
            can_expire=False,
            webhook_auth="stored-token",
            status_reports_amount=False,
            methods=("Orange Money", "MTN MoMo", "Moov Money", "Wave"),
            test_mode=is_trial or self.api_key.startswith("sk_test_"),
        )

    def start(self, request: StartRequest) -> StartResult:
        """Open a payment page; see `Gateway.start`."""
        require_within(self.capabilities, request.money)
        if not REFERENCE.fullmatch(request.merchant_ref):
            raise GatewayRejected("reference is not 8 to 20 capitals and digits", alert=True)
        if len(request.notify_url) > LONGEST_ADDRESS:
            raise GatewayMisconfigured("the address of notification is over 120 characters")
        reply = self._call("POST", "/v1/payment", self._start_body(request))
        code = _code(reply)
        if code not in {"200", "201"} or not reply.is_success:
            raise _sort(reply)
        body = reply.body or {}
        token, page = plain_text(body.get("payment_token")), body.get("payment_url")
        secret = plain_text(body.get("notify_token"))
        if not (token and secret and isinstance(page, str)):
            raise GatewayUnavailable("created, but without a page or a token", may_exist=True)
        if not is_safe_page(page, base_url=self.address, domains=DOMAINS):
            raise GatewayMisconfigured("payment page on a foreign host", may_exist=True)
        return StartResult(
            redirect_url=page,
            provider_token=token,
            provider_txn_id=plain_text(body.get("transaction_id"), 100),
            notify_secret=secret,
            raw=_kept(body),
        )

    def _start_body(self, request: StartRequest) -> dict[str, Any]:
        payer = request.payer
        back = with_reference(request.return_url, request.merchant_ref)
        body = {
            "currency": request.money.currency,
            "merchant_transaction_id": request.merchant_ref,
            "amount": request.money.amount,
            "lang": request.lang if request.lang in {"fr", "en"} else "fr",
            "designation": clean_description(request.description),
            "client_email": payer.email or self.fallback_email,
            "client_first_name": _name(payer.surname),
            "client_last_name": _name(payer.name),
            "success_url": back,
            "failed_url": back,
            "notify_url": request.notify_url,
            "channel": "PUSH",
        }
        if PHONE.fullmatch(payer.phone_e164):
            body["client_phone_number"] = payer.phone_e164
        return body

    def authenticate_webhook(self, raw: RawWebhook) -> WebhookHint:
        """Read who a notification is about; its `notify_token` is compared by whoever kept it."""
        if raw.method in {"GET", "HEAD"}:
            return WebhookHint(is_ping=True)
        if len(raw.body) > MAX_NOTIFICATION:
            raise WebhookTooLarge("body over 16 KiB")
        body = parse_object(raw.body) or {}
        reference = plain_text(body.get("merchant_transaction_id"), 40)
        secret = plain_text(body.get("notify_token"))
        if not REFERENCE.fullmatch(reference) or len(secret) < 8:
            raise WebhookRejected("no reference or no notify_token")
        return WebhookHint(
            merchant_ref=reference,
            notify_secret=secret,
            event_id=hashlib.sha256(raw.body).hexdigest(),
            scheme="stored-token",
            is_repeatable=True,
        )

    def fetch(self, ref: AttemptRef) -> Snapshot:
        """Ask `/v1/payment/…`. An amount is compared when there is one; see the module."""
        which = ref.provider_token or ref.merchant_ref
        reply = self._call("GET", f"/v1/payment/{quote(which, safe='')}")
        body, code = reply.body or {}, _code(reply)
        state = STATES.get(code, PayState.UNKNOWN)
        if plain_text(body.get("merchant_transaction_id")) not in {"", ref.merchant_ref}:
            state = PayState.UNKNOWN
        user = body.get("user")
        phone = plain_text(user.get("phone_number")) if isinstance(user, dict) else ""
        money, alert = _read_amount(body, ref)
        if alert and state is PayState.SUCCEEDED:
            state = PayState.PENDING
        return Snapshot(
            state=state,
            money=money,
            provider_txn_id=plain_text(body.get("transaction_id"), 100),
            method=plain_text(body.get("payment_method"), 30),
            payer_phone=mask_phone(phone) if phone else "",
            code=code,
            message=plain_text(body.get("status")) or plain_text(body.get("message")),
            alert=alert,
            raw=_kept(body),
        )

    def check_config(self) -> list[str]:
        """Return what is wrong with the keys and the address, one French sentence each."""
        problems = []
        if not self.api_key:
            problems.append(_("La clé API de CinetPay manque (CINETPAY_APIKEY)."))
        if not self.api_password:
            problems.append(_("Le mot de passe d’API de CinetPay manque (CINETPAY_API_PASSWORD)."))
        return problems + find_address_problems(
            self.address, provider="CinetPay", variable="CINETPAY_V1_BASE_URL"
        )

    def probe(self) -> None:
        """Sign in with the keys; see `Gateway.probe`."""
        self._sign_in()

    def _call(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Reply:
        known = self.tokens.get(self._token_name)
        reply = self._send(method, path, body, known or self._sign_in())
        if _code(reply) in STALE_TOKEN:
            self.tokens.drop(self._token_name)
            reply = self._send(method, path, body, self._sign_in())  # once more, not for ever
        if _code(reply) in BAD_KEYS:
            raise GatewayMisconfigured(f"code {_code(reply)}", code=_code(reply))
        return reply

    def _send(self, method: str, path: str, body: Mapping[str, Any] | None, token: str) -> Reply:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        timeout = (self.connect_timeout, self.read_timeout)
        return call_json(method, self.address + path, headers=headers, body=body, timeout=timeout)

    def _sign_in(self) -> str:
        keys = {"api_key": self.api_key, "api_password": self.api_password}
        try:
            reply = self._send("POST", "/v1/oauth/login", keys, "")
        except GatewayUnavailable as error:  # no payment was asked for yet
            raise GatewayUnavailable(
                str(error), code=error.code, retry_after=error.retry_after
            ) from error
        token = plain_text((reply.body or {}).get("access_token"), 4000)
        if not token:
            raise GatewayMisconfigured(f"no token: code {_code(reply)}", code=_code(reply))
        self.tokens.put(self._token_name, token, seconds=TOKEN_SECONDS)
        return token

    @property
    def _token_name(self) -> str:
        pair = f"{self.api_key}:{self.api_password}:{self.address}".encode()
        return f"cinetpay-v1:{hashlib.sha256(pair).hexdigest()[:32]}"


def _read_amount(body: Mapping[str, Any], ref: AttemptRef) -> tuple[Any, str]:
    """Return the amount told, None when none is, and what to tell of an unreadable one."""
    if body.get("amount") is None:
        return None, ""
    money = read_whole_money(body["amount"], body.get("currency") or ref.money.currency)
    return (money, "") if money else (None, _("CinetPay annonce un montant illisible."))


def _code(reply: Reply) -> str:
    body = reply.body or {}
    code = plain_text(body.get("code"), 40)
    return code or ("" if reply.is_success else str(reply.status))


def _sort(reply: Reply) -> GatewayRejected:
    code, body = _code(reply), reply.body or {}
    words = plain_text(body.get("message")) or plain_text(body.get("status"))
    return GatewayRejected(
        f"{code}: {words}", code=code, alert=True, may_exist=code == USED_REFERENCE
    )


def _name(text: str) -> str:
    kept = " ".join(text.split())[:255]
    return kept if len(kept) >= 2 else f"{kept or 'Client'}."


def _kept(body: Mapping[str, Any]) -> dict[str, Any]:
    return mask_payload({name: value for name, value in body.items() if name not in SECRETS})
