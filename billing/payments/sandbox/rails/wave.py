"""Wave Checkout: sessions, their end, their refund, and signed notifications."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any

from ..web import Request, Response, Route, json_response, route
from .book import Posted, Rail, UnknownDeal, new_id, read_json, refuse
from .deals import Deal

LASTS = 30 * 60
SESSIONS = "/wave/v1/checkout/sessions"
EVENTS = {"paid": "checkout.session.completed", "failed": "checkout.session.payment_failed"}
STATUSES = {
    "open": ("open", "processing"),
    "waiting": ("open", "processing"),
    "failed": ("open", "cancelled"),
    "paid": ("complete", "succeeded"),
    "reversed": ("complete", "succeeded"),
    "expired": ("expired", "cancelled"),
}


class WaveRail(Rail):
    """`https://api.wave.com`, below `/wave`."""

    provider = "wave"

    @property
    def routes(self) -> list[Route]:
        return [
            route("POST", SESSIONS, self._guard(self.create)),
            route("GET", f"{SESSIONS}/search", self._guard(self.search)),
            route("GET", f"{SESSIONS}/<session>", self._guard(self.read)),
            route("POST", f"{SESSIONS}/<session>/expire", self._guard(self.expire)),
            route("POST", f"{SESSIONS}/<session>/refund", self._guard(self.refund)),
        ]

    def _guard(self, act: Any) -> Any:
        def answer(request: Request, **names: str) -> Response:
            given = request.headers.get("authorization", "")
            if not given:
                return refuse(401, code="missing-auth-header", message="no Authorization")
            if given != f"Bearer {self.keys.wave_key}":
                return refuse(401, code="no-matching-api-key", message="unknown key")
            try:
                return act(request, **names)
            except UnknownDeal:
                return refuse(404, code="checkout-session-not-found", message="not found")

        return answer

    def create(self, request: Request) -> Response:
        """Open a session."""
        if broken := self.faults.answer("start"):
            return broken
        asked = read_json(request) or {}
        amount, currency = asked.get("amount"), asked.get("currency")
        if not (isinstance(amount, str) and amount.isdecimal() and int(amount) and currency):
            return refuse(422, code="request-validation-error", message="amount")
        if currency != "XOF" or not (asked.get("success_url") and asked.get("error_url")):
            return refuse(422, code="request-validation-error", message="currency or address")
        now = self.book.clock.now()
        deal = Deal(
            id=new_id("cos-"),
            provider=self.provider,
            reference=str(asked.get("client_reference", "")),
            amount=int(amount),
            currency=currency,
            description="Wave",
            notify_url="",
            back_url=str(asked["success_url"]),
            cancel_url=str(asked["error_url"]),
            created_at=now,
            expires_at=now + LASTS,
        )
        self.book.add(deal)
        self.faults.lose("start")
        return json_response(self._session(request, deal))

    def read(self, request: Request, session: str) -> Response:
        """Tell how a session stands."""
        deal = self.book.find(session)
        return self.break_check(deal) or json_response(self._session(request, deal))

    def search(self, request: Request) -> Response:
        """Look sessions up by the merchant's reference."""
        if broken := self.faults.answer("check"):
            return broken
        try:
            deal = self.book.find_reference(request.query.get("client_reference", ""), "wave")
        except UnknownDeal:
            return json_response({"result": []})
        return json_response({"result": [self._session(request, deal)]})

    def expire(self, request: Request, session: str) -> Response:
        """End a session that is open."""
        deal = self.book.find(session)
        if deal.state in {"paid", "reversed"}:
            return refuse(409, code="checkout-session-complete", message="it was paid")
        deal.state = "expired"
        return json_response({})

    def refund(self, request: Request, session: str) -> Response:
        """Give the whole amount back; asked again, nothing more is given."""
        deal = self.book.find(session)
        if deal.state not in {"paid", "reversed"}:
            return refuse(400, code="checkout-refund-failed", message="it was not paid")
        deal.state, deal.refunded = "reversed", deal.amount
        return json_response(self._session(request, deal))

    def _session(self, request: Request | None, deal: Deal, state: str = "") -> dict[str, Any]:
        checkout, payment = STATUSES[state or deal.state]
        session = {
            "id": deal.id,
            "amount": str(deal.told_amount),
            "currency": deal.told_currency or deal.currency,
            "checkout_status": checkout,
            "payment_status": payment,
            "transaction_id": deal.txn_id or None,
            "client_reference": deal.reference,
            "business_name": "NOURX",
            "last_payment_error": {"code": "insufficient-funds", "message": "insufficient"}
            if (state or deal.state) == "failed"
            else None,
            "when_created": _moment(deal.created_at),
            "when_expires": _moment(deal.expires_at),
            "when_completed": _moment(deal.paid_at) if deal.paid_at else None,
            "success_url": deal.back_url,
            "error_url": deal.cancel_url,
        }
        if deal.state == "reversed":
            session["when_refunded"] = _moment(self.book.clock.now())
        if request is not None:
            session["wave_launch_url"] = self.page_of(request, deal)
        return session

    def write(self, deal: Deal, state: str, *, is_forged: bool) -> Posted:
        """Return a signed event: the time, then the body, with nothing between."""
        event = {
            "id": new_id("EV_"),
            "type": EVENTS.get(state, "checkout.session.payment_failed"),
            "data": self._session(None, deal, state),
        }
        body = json.dumps(event).encode()
        moment = str(int(self.book.clock.now()))
        secret = "another" if is_forged else self.keys.wave_secret
        mac = hmac.new(secret.encode(), moment.encode() + body, hashlib.sha256).hexdigest()
        headers = {"Content-Type": "application/json", "Wave-Signature": f"t={moment},v1={mac}"}
        return Posted(body, headers)


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z")
