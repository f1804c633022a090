"""CinetPay Checkout v2: open a payment page, hear of changes, ask how a payment stands."""

from __future__ import annotations

import hashlib
import hmac
import logging
import re
from dataclasses import dataclass, field
from typing import ClassVar, Literal
from urllib.parse import urlsplit

from ..base import (
    AttemptRef,
    Capabilities,
    Gateway,
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
from ..masking import mask_payload
from . import configuration, signature
from .answers import read_snapshot
from .codes import CONFIGURATION_CODES, REVERSAL_WORDS, RULES
from .payload import MIN_AMOUNT, REFERENCE, STEP, build_start_body, require_payable
from .transport import BLOCKED_BROWSER, Answer, post_json

PRODUCTION_URL = "https://api-checkout.cinetpay.com"
MAX_NOTIFICATION = 16 * 1024
NO_PAYMENT = "NOURXESSAI"
DATE = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")
AMOUNT = re.compile(r"[0-9]{1,9}")

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class CinetPayGateway(Gateway):
    """One CinetPay service: its keys, its address, and how strictly its MAC is read.

    `hmac_mode` "observe" also accepts, and logs, the other known readings of the MAC's
    documentation; it is meant for the first notifications of a new account. Neither mode
    credits anything: a notification only means "go and ask".
    """

    code: ClassVar[str] = "cinetpay"

    apikey: str = field(repr=False)
    site_id: str
    secret_key: str = field(repr=False)
    base_url: str = PRODUCTION_URL
    connect_timeout: float = 5
    read_timeout: float = 30
    hmac_mode: Literal["strict", "observe"] = "strict"
    max_amount: int = 1_500_000
    currencies: frozenset[str] = frozenset({"XOF"})

    @property
    def is_sandbox(self) -> bool:
        """Tell whether the address is not CinetPay's own: no real money moves."""
        return not configuration.is_cinetpay_host(urlsplit(self.base_url).hostname)

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(
            currencies=self.currencies,
            min_amount={currency: MIN_AMOUNT[currency] for currency in self.currencies},
            max_amount=dict.fromkeys(self.currencies, self.max_amount),
            step=dict.fromkeys(self.currencies, STEP),
            refund="manual",
            can_expire=False,
            webhook_auth="hmac-fields",
            status_reports_amount=True,
            methods=("Orange Money", "MTN MoMo", "Moov Money", "Wave", "Visa, Mastercard"),
            test_mode=self.is_sandbox,
        )

    def start(self, request: StartRequest) -> StartResult:
        """Open a payment page; see `Gateway.start` for what may go wrong."""
        require_payable(request, max_amount=self.max_amount, currencies=self.currencies)
        try:
            answer = self._post("/v2/payment", build_start_body(request))
        except GatewayUnavailable as error:
            if error.code == BLOCKED_BROWSER:
                raise GatewayMisconfigured(str(error), code=error.code) from error
            raise
        logger.info("start %s: code %s", request.merchant_ref, answer.code)
        if answer.code != "201":
            raise _start_error(answer)
        return self._read_start(answer)

    def _read_start(self, answer: Answer) -> StartResult:
        data = answer.data or {}
        token, url = data.get("payment_token"), data.get("payment_url")
        if not (isinstance(token, str) and token and isinstance(url, str)):
            raise GatewayUnavailable("created, but without a payment page", may_exist=True)
        if not configuration.is_payment_page(url, self.base_url):
            raise GatewayMisconfigured("payment page on a foreign host", may_exist=True)
        return StartResult(redirect_url=url, provider_token=token, raw=mask_payload(answer.body))

    def authenticate_webhook(self, raw: RawWebhook) -> WebhookHint:
        """Say whom a notification is about; see `Gateway.authenticate_webhook`."""
        if raw.method in {"GET", "HEAD"}:  # CinetPay first looks whether anyone answers
            return WebhookHint(is_ping=True)
        if raw.method != "POST":
            raise WebhookRejected("not a POST")
        if len(raw.body) > MAX_NOTIFICATION:
            raise WebhookTooLarge("body over 16 KiB")
        try:
            fields = signature.read_form(raw.body, raw.content_type)
        except signature.UnreadableForm as error:
            raise WebhookRejected("not a form") from error
        scheme = self._recognise(fields, raw.headers.get("x-token", ""))
        self._require_shapes(fields)
        return WebhookHint(
            merchant_ref=fields["cpm_trans_id"].decode("ascii"),
            event_id=hashlib.sha256(raw.body).hexdigest(),
            scheme=scheme,
            is_reversal=fields["cpm_error_message"].strip().upper() in REVERSAL_WORDS,
        )

    def _recognise(self, fields: signature.Fields, token: str) -> str:
        if signature.is_genuine(fields, token, self.secret_key):
            return signature.CANONICAL
        variant = ""
        if self.hmac_mode == "observe":
            variant = signature.recognise_variant(fields, token, self.secret_key)
        if not variant:
            raise WebhookRejected("bad x-token")
        logger.warning("a notification is signed in the %s reading only", variant)
        return variant

    def _require_shapes(self, fields: signature.Fields) -> None:
        """Refuse values the MAC lets through because it does not see where each one ends."""
        site_id, reference, date, amount, currency = (
            fields.get(name, b"").decode("latin-1") for name in signature.SIGNED_FIELDS[:5]
        )
        if not hmac.compare_digest(site_id.encode(), self.site_id.encode()):
            raise WebhookRejected("another site")
        if not (
            REFERENCE.fullmatch(reference)
            and DATE.fullmatch(date)
            and AMOUNT.fullmatch(amount)
            and currency in self.currencies
        ):
            raise WebhookRejected("malformed values")

    def fetch(self, ref: AttemptRef) -> Snapshot:
        """Ask `/v2/payment/check`.

        No connection, timeout, 5xx, 429, an HTML page or broken JSON raise
        `GatewayUnavailable`. Every well-formed answer is a snapshot: UNKNOWN when it says
        nothing of the payment, with an alert when it says something about our keys.
        The amount is reported, not judged: the caller compares it with the attempt's.
        """
        answer = self._post("/v2/payment/check", {"transaction_id": ref.merchant_ref})
        snapshot = read_snapshot(answer, ref)
        logger.info("check %s: code %s, %s", ref.merchant_ref, answer.code, snapshot.state)
        return snapshot

    def explain(self, code: str) -> str:
        """Tell the payer what a code means, in French; "" when there is nothing to say."""
        rule = RULES.get(code)
        return str(rule.advice) if rule else ""

    def check_config(self) -> list[str]:
        """Return what is wrong with the keys and the address, one French sentence each."""
        return configuration.find_problems(
            apikey=self.apikey,
            site_id=self.site_id,
            secret_key=self.secret_key,
            base_url=self.base_url,
            hmac_mode=self.hmac_mode,
        )

    def probe(self) -> None:
        """Ask about a payment that does not exist; see `Gateway.probe`."""
        answer = self._post("/v2/payment/check", {"transaction_id": NO_PAYMENT})
        if answer.code in CONFIGURATION_CODES:
            raise GatewayMisconfigured(f"{answer.code} {answer.message}", code=answer.code)

    def _post(self, path: str, body: dict) -> Answer:
        keys = {"apikey": self.apikey, "site_id": self.site_id}
        return post_json(
            self.base_url.rstrip("/") + path,
            keys | body,
            timeout=(self.connect_timeout, self.read_timeout),
        )


def _start_error(answer: Answer) -> GatewayRejected | GatewayMisconfigured:
    """Sort a refused start: our keys, or our request."""
    words = f"{answer.code} {answer.message}".strip()
    if answer.code in CONFIGURATION_CODES:
        return GatewayMisconfigured(words, code=answer.code)
    used = "exist" in f"{answer.message} {answer.description}".lower()
    return GatewayRejected(
        f"{words}: {answer.description}", code=answer.code, alert=True, may_exist=used
    )
