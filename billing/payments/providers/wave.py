"""Wave Checkout: a session that a payer opens in the Wave app or by its QR code."""

from __future__ import annotations

import hashlib
import hmac
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, ClassVar
from urllib.parse import quote

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .addresses import find_address_problems, is_own, is_safe_page, with_reference
from .base import (
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
from .errors import (
    GatewayMisconfigured,
    GatewayRejected,
    GatewayUnavailable,
    WebhookRejected,
    WebhookTooLarge,
)
from .http import Reply, call_json, parse_object
from .limits import require_within
from .masking import mask_payload, mask_phone, plain_text
from .whole import read_iso_moment, read_whole_money

PRODUCTION_URL = "https://api.wave.com"
DOMAINS = ("wave.com",)
SESSIONS = "/v1/checkout/sessions"
MAX_NOTIFICATION = 64 * 1024
TOLERANCE = timedelta(minutes=5)
SIGNED_AT = re.compile(r"[0-9]{1,12}")
KEY_CODES = frozenset(
    {
        "missing-auth-header",
        "invalid-auth",
        "api-key-not-provided",
        "no-matching-api-key",
        "api-key-revoked",
        "invalid-wallet",
        "disabled-wallet",
        "authorization-error",
        "unauthorized-wallet",
    }
)
ADVICE = {
    "insufficient-funds": gettext_lazy(
        "Le solde du compte est insuffisant. Rechargez-le ou choisissez un autre moyen."
    ),
    "blocked-account": gettext_lazy("Ce compte Wave est bloqué. Choisissez un autre moyen."),
    "cross-border-payment-not-allowed": gettext_lazy(
        "Wave n’accepte pas de payer depuis un autre pays. Choisissez un autre moyen."
    ),
    "kyb-limits-exceeded": gettext_lazy(
        "Le plafond de ce compte est atteint. Essayez un autre moyen ou payez en plusieurs fois."
    ),
    "payer-mobile-mismatch": gettext_lazy("Ce n’est pas le numéro attendu pour ce paiement."),
    "payment-failure": gettext_lazy("Le paiement a échoué. Vous pouvez recommencer."),
}

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class WaveGateway(Gateway):
    """One Wave business wallet: its key, and the secret that signs its notifications."""

    code: ClassVar[str] = "wave"

    api_key: str = field(repr=False)
    webhook_secret: str = field(repr=False)
    base_url: str = PRODUCTION_URL
    connect_timeout: float = 5
    read_timeout: float = 30
    min_amount: int = 100
    max_amount: int = 2_000_000

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(
            currencies=frozenset({"XOF"}),
            min_amount={"XOF": self.min_amount},
            max_amount={"XOF": self.max_amount},
            step={"XOF": 1},
            refund="full",
            can_expire=True,
            webhook_auth="hmac-body",
            status_reports_amount=True,
            methods=("Wave",),
            test_mode=not is_own(self.base_url, DOMAINS),
        )

    def start(self, request: StartRequest) -> StartResult:
        """Create a session; see `Gateway.start`. XOF amounts go as text, in whole francs."""
        require_within(self.capabilities, request.money)
        reply = self._call(
            "POST",
            SESSIONS,
            {
                "amount": str(request.money.amount),
                "currency": request.money.currency,
                "client_reference": request.merchant_ref,
                "success_url": with_reference(request.return_url, request.merchant_ref),
                "error_url": request.cancel_url,
            },
        )
        session = self._require(reply)
        token, page = plain_text(session.get("id")), session.get("wave_launch_url")
        if not token or not isinstance(page, str):
            raise GatewayUnavailable("created, but without a launch address", may_exist=True)
        if not is_safe_page(page, base_url=self.base_url, domains=DOMAINS):
            raise GatewayMisconfigured("launch address on a foreign host", may_exist=True)
        return StartResult(
            redirect_url=page,
            provider_token=token,
            expires_at=read_iso_moment(session.get("when_expires")),
            raw=_kept(session),
        )

    def authenticate_webhook(self, raw: RawWebhook) -> WebhookHint:
        """Check `Wave-Signature`, made over the time and the body with nothing between them."""
        if raw.method in {"GET", "HEAD"}:
            return WebhookHint(is_ping=True)
        if len(raw.body) > MAX_NOTIFICATION:
            raise WebhookTooLarge("body over 64 KiB")
        scheme = self._recognise(raw)
        event = parse_object(raw.body)
        if event is None:
            raise WebhookRejected("not a JSON object")
        session = event.get("data")
        session = session if isinstance(session, dict) else {}
        return WebhookHint(
            merchant_ref=plain_text(session.get("client_reference"), 40),
            provider_token=plain_text(session.get("id")),
            event_id=plain_text(event.get("id")),
            event_type=plain_text(event.get("type"), 60),
            scheme=scheme,
        )

    def _recognise(self, raw: RawWebhook) -> str:
        """Accept either strategy that Wave offers; the shared secret only without a signature."""
        if not self.webhook_secret:
            raise WebhookRejected("no secret of ours")
        header = raw.headers.get("wave-signature", "")
        if not header:
            expected = f"Bearer {self.webhook_secret}".encode()
            given = raw.headers.get("authorization", "").encode("utf-8", "replace")
            if hmac.compare_digest(given, expected):
                return "shared-secret"
            raise WebhookRejected("no signature")
        pairs = [part.strip().partition("=")[::2] for part in header.split(",")]
        moment = next((value for name, value in pairs if name == "t"), "")
        signatures = [value for name, value in pairs if name == "v1"]
        if not SIGNED_AT.fullmatch(moment) or raw.received_at is None:
            raise WebhookRejected("unreadable signature")
        if abs(raw.received_at.timestamp() - int(moment)) > TOLERANCE.total_seconds():
            raise WebhookRejected("signed too long ago")
        expected_mac = sign(raw.body, self.webhook_secret, moment).encode()
        if any(
            hmac.compare_digest(each.encode("utf-8", "replace"), expected_mac)
            for each in signatures
        ):
            return "signed"
        raise WebhookRejected("bad signature")

    def fetch(self, ref: AttemptRef) -> Snapshot:
        """Ask about the session; without its id, look it up by our reference."""
        if ref.provider_token:
            reply = self._call("GET", f"{SESSIONS}/{quote(ref.provider_token, safe='')}")
            return _read_snapshot(reply, reply.body or {}, ref)
        reply = self._call("GET", f"{SESSIONS}/search?client_reference={quote(ref.merchant_ref)}")
        found = (reply.body or {}).get("result")
        sessions = (
            [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []
        )
        paid = [each for each in sessions if each.get("payment_status") == "succeeded"]
        return _read_snapshot(reply, (paid or sessions or [{}])[0], ref)

    def expire(self, ref: AttemptRef) -> None:
        """Close the session; one that is over already is closed.

        :raises GatewayRejected: if it was paid meanwhile.
        """
        reply = self._call("POST", f"{SESSIONS}/{quote(ref.provider_token, safe='')}/expire", {})
        if not reply.is_success and reply.status not in {404, 409}:
            raise self._sort(reply)

    def refund(self, ref: AttemptRef, money: Money, idempotency_key: str) -> Snapshot:
        """Give the whole amount back; asked twice, Wave gives it back once.

        :raises GatewayRejected: if it is only a part, or Wave refuses.
        """
        if money != ref.money:
            raise GatewayRejected("Wave gives back a whole payment or nothing")
        path = f"{SESSIONS}/{quote(ref.provider_token, safe='')}/refund"
        reply = self._call("POST", path, {}, idempotency_key)
        self._require(reply)
        return Snapshot(PayState.SUCCEEDED, money, code="refunded", raw=_kept(reply.body or {}))

    def explain(self, code: str) -> str:
        """Tell the payer what a code means, in French; "" when there is nothing to say."""
        return str(ADVICE.get(code, ""))

    def check_config(self) -> list[str]:
        """Return what is wrong with the keys and the address, one French sentence each."""
        problems = []
        if not self.api_key:
            problems.append(_("La clé d’API de Wave manque (WAVE_API_KEY)."))
        if not self.webhook_secret:
            problems.append(
                _(
                    "Le secret des notifications de Wave manque (WAVE_WEBHOOK_SECRET) : "
                    "toutes seront refusées."
                )
            )
        return problems + find_address_problems(
            self.base_url, provider="Wave", variable="WAVE_BASE_URL"
        )

    def probe(self) -> None:
        """Look for a session that does not exist; see `Gateway.probe`."""
        self._require(self._call("GET", f"{SESSIONS}/search?client_reference=NOURXESSAI"))

    def _call(
        self, method: str, path: str, body: Mapping[str, Any] | None = None, key: str = ""
    ) -> Reply:
        headers = {"Authorization": f"Bearer {self.api_key}"}
        if key:
            headers["Idempotency-Key"] = key
        timeout = (self.connect_timeout, self.read_timeout)
        reply = call_json(
            method, self.base_url.rstrip("/") + path, headers=headers, body=body, timeout=timeout
        )
        if _code(reply) in KEY_CODES or reply.status == 401:
            raise GatewayMisconfigured(f"{reply.status} {_code(reply)}", code=_code(reply))
        return reply

    def _require(self, reply: Reply) -> Mapping[str, Any]:
        if not reply.is_success or reply.body is None:
            raise self._sort(reply)
        return reply.body

    def _sort(self, reply: Reply) -> GatewayRejected:
        words = plain_text((reply.body or {}).get("message"))
        return GatewayRejected(
            f"{reply.status} {_code(reply)}: {words}", code=_code(reply), alert=True
        )


def sign(body: bytes, secret: str, moment: str) -> str:
    """Return the MAC of a notification: the time, then the body, with nothing between."""
    return hmac.new(secret.encode(), moment.encode() + body, hashlib.sha256).hexdigest()


def _code(reply: Reply) -> str:
    return plain_text((reply.body or {}).get("code"), 40)


def _kept(session: Mapping[str, Any]) -> dict[str, Any]:
    hidden = {"wave_launch_url", "success_url", "error_url"}
    kept = {name: value for name, value in session.items() if name not in hidden}
    if kept.get("restrict_payer_mobile"):
        kept["restrict_payer_mobile"] = mask_phone(plain_text(kept["restrict_payer_mobile"]))
    return mask_payload(kept)


def _read_snapshot(reply: Reply, session: Mapping[str, Any], ref: AttemptRef) -> Snapshot:
    """Return how a session stands. A refused payment leaves it open: the payer may try again."""
    words = (plain_text(session.get("checkout_status")), plain_text(session.get("payment_status")))
    error = session.get("last_payment_error")
    error_code = plain_text(error.get("code"), 40) if isinstance(error, dict) else ""
    if not any(words) or plain_text(session.get("client_reference")) not in {"", ref.merchant_ref}:
        return Snapshot(PayState.UNKNOWN, None, code=_code(reply), raw=_kept(reply.body or {}))
    state, alert = _read_state(words)
    if plain_text(session.get("refund_status")) or session.get("when_refunded"):
        state, error_code = PayState.UNKNOWN, "refunded"
        alert = _("Wave dit que ce paiement a été remboursé.")
    return Snapshot(
        state=state,
        money=read_whole_money(session.get("amount"), session.get("currency")),
        provider_txn_id=plain_text(session.get("transaction_id"), 100),
        method="WAVE",
        paid_at=read_iso_moment(session.get("when_completed")),
        code=error_code or words[1],
        message=" ".join(filter(None, words)),
        alert=alert,
        raw=_kept(session),
    )


def _read_state(words: tuple[str, str]) -> tuple[PayState, str]:
    if words == ("complete", "succeeded"):
        return PayState.SUCCEEDED, ""
    if words[0] == "complete":
        alert = _("Wave dit la session close, mais pas payée (%(word)s).") % {"word": words[1]}
        return PayState.PENDING, alert
    if words[0] == "expired":
        return PayState.EXPIRED, ""
    return PayState.PENDING, ""
