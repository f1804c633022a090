"""Stripe Checkout, as the official library expects it: forms in, objects out, keys replayed."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

from ..web import Request, Response, Route, json_response, route
from .book import Posted, Rail, UnknownDeal, new_id, refuse
from .deals import Deal

LASTS = 24 * 3600
SESSIONS = "/stripe/v1/checkout/sessions"
STATUSES = {
    "open": ("open", "unpaid"),
    "waiting": ("complete", "unpaid"),
    "failed": ("open", "unpaid"),
    "paid": ("complete", "paid"),
    "reversed": ("complete", "paid"),
    "expired": ("expired", "unpaid"),
}
EVENTS = {
    "paid": "checkout.session.completed",
    "waiting": "checkout.session.completed",
    "failed": "checkout.session.async_payment_failed",
    "expired": "checkout.session.expired",
    "reversed": "charge.refunded",
    "open": "checkout.session.completed",
}


class StripeRail(Rail):
    """`https://api.stripe.com`, below `/stripe`."""

    provider = "stripe"

    def __init__(self, *parts: Any) -> None:
        super().__init__(*parts)
        self.replies: dict[str, tuple[bytes, Response]] = {}

    @property
    def routes(self) -> list[Route]:
        return [
            route("POST", SESSIONS, self._guard(self.create)),
            route("GET", SESSIONS, self._guard(self.list_sessions)),
            route("GET", f"{SESSIONS}/<session>", self._guard(self.read)),
            route("POST", f"{SESSIONS}/<session>/expire", self._guard(self.expire)),
            route("POST", "/stripe/v1/refunds", self._guard(self.refund)),
        ]

    def _guard(self, act: Any) -> Any:
        def answer(request: Request, **names: str) -> Response:
            if request.headers.get("authorization") != f"Bearer {self.keys.stripe_key}":
                return _error(401, "invalid_request_error", "", "Invalid API Key provided")
            try:
                return self._once(act, request, names)
            except UnknownDeal:
                return _error(404, "invalid_request_error", "resource_missing", "No such object")

        return answer

    def _once(self, act: Any, request: Request, names: dict[str, str]) -> Response:
        """Answer a key told again as the first time, and refuse it with another body."""
        key = request.headers.get("idempotency-key", "")
        if request.method != "POST" or not key:
            return act(request, **names)
        if key in self.replies:
            body, reply = self.replies[key]
            if body != request.body:
                return _error(400, "idempotency_error", "", "Keys for idempotent requests")
            return Response(
                reply.body, reply.status, reply.content_type, {"Idempotent-Replayed": "true"}
            )
        reply = act(request, **names)
        if reply.status < 500:
            self.replies[key] = (request.body, reply)
        return reply

    def create(self, request: Request) -> Response:
        """Open a session."""
        if broken := self.faults.answer("start"):
            return broken
        form = request.form
        price = "line_items[0][price_data]"
        amount, currency = form.get(f"{price}[unit_amount]", ""), form.get(f"{price}[currency]")
        if form.get("mode") != "payment" or not form.get("success_url"):
            return _error(400, "invalid_request_error", "parameter_missing", "mode or success_url")
        if not (amount.isdecimal() and int(amount) and currency):
            return _error(400, "invalid_request_error", "parameter_invalid_integer", "unit_amount")
        now = self.book.clock.now()
        deal = Deal(
            id=new_id("cs_bac_"),
            provider=self.provider,
            reference=form.get("client_reference_id", ""),
            amount=int(amount),
            currency=currency.upper(),
            description=form.get(f"{price}[product_data][name]", ""),
            notify_url="",
            back_url=form["success_url"],
            cancel_url=form.get("cancel_url", ""),
            created_at=now,
            expires_at=now + LASTS,
            txn_id=new_id("pi_"),
            facts=_metadata(form, "metadata"),
        )
        self.book.add(deal)
        self.faults.lose("start")
        return json_response(self._session(deal, url=self.page_of(request, deal)))

    def list_sessions(self, request: Request) -> Response:
        """List no session: enough to show that a key opens the door."""
        if broken := self.faults.answer("check"):
            return broken
        page = {"object": "list", "data": [], "has_more": False, "url": "/v1/checkout/sessions"}
        return json_response(page)

    def read(self, request: Request, session: str) -> Response:
        """Tell how a session stands, with its charge when asked."""
        deal = self.book.find(session)
        if broken := self.break_check(deal):
            return broken
        told = self._session(deal)
        if any(name.startswith("expand") for name in request.query) and deal.paid_at:
            told["payment_intent"] = {
                "id": deal.txn_id,
                "object": "payment_intent",
                "latest_charge": self._charge(deal),
            }
        return json_response(told)

    def expire(self, request: Request, session: str) -> Response:
        """End a session that is open."""
        deal = self.book.find(session)
        if deal.state not in {"open", "failed"}:
            return _error(400, "invalid_request_error", "", "Only open sessions can expire")
        deal.state = "expired"
        return json_response(self._session(deal))

    def refund(self, request: Request) -> Response:
        """Give back a part, never more than was paid."""
        form = request.form
        found = [
            deal
            for deal in self.book.deals_of(self.provider)
            if deal.txn_id == form.get("payment_intent")
        ]
        if not found:
            raise UnknownDeal
        deal, amount = found[0], int(form.get("amount") or found[0].amount)
        if deal.paid_at is None or deal.refunded + amount > deal.amount:
            return _error(400, "invalid_request_error", "charge_already_refunded", "too much")
        deal.refunded += amount
        if deal.refunded == deal.amount:
            deal.state = "reversed"
        made = {"id": new_id("re_"), "object": "refund", "amount": amount, "status": "succeeded"}
        return json_response({**made, "currency": deal.currency.lower(), "charge": "ch_1"})

    def _session(self, deal: Deal, state: str = "", url: str = "") -> dict[str, Any]:
        status, payment = STATUSES[state or deal.state]
        return {
            "id": deal.id,
            "object": "checkout.session",
            "status": status,
            "payment_status": payment,
            "amount_total": deal.told_amount,
            "currency": (deal.told_currency or deal.currency).lower(),
            "client_reference_id": deal.reference,
            "metadata": deal.facts,
            "payment_intent": deal.txn_id if deal.paid_at else None,
            "created": int(deal.created_at),
            "expires_at": int(deal.expires_at),
            "livemode": False,
            "mode": "payment",
            "url": url or None,
        }

    def _charge(self, deal: Deal) -> dict[str, Any]:
        paid_at = int(deal.paid_at or 0)
        return {
            "id": "ch_" + deal.txn_id[3:],
            "object": "charge",
            "amount": deal.amount,
            "created": paid_at,
            "disputed": False,
            "refunded": deal.state == "reversed",
            "payment_intent": deal.txn_id,
            "metadata": deal.facts,
            "balance_transaction": {
                "object": "balance_transaction",
                "currency": deal.currency.lower(),
                "fee": deal.amount * 3 // 100,
                "available_on": paid_at + 7 * 24 * 3600,
            },
        }

    def write(self, deal: Deal, state: str, *, is_forged: bool) -> Posted:
        """Return a signed event: time, a point, and the body."""
        about = self._charge(deal) if state == "reversed" else self._session(deal, state)
        event = {
            "id": new_id("evt_"),
            "object": "event",
            "type": EVENTS[state],
            "created": int(self.book.clock.now()),
            "data": {"object": about},
        }
        body = json.dumps(event).encode()
        moment = int(self.book.clock.now())
        secret = "another" if is_forged else self.keys.stripe_secret
        mac = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
        headers = {"Content-Type": "application/json", "Stripe-Signature": f"t={moment},v1={mac}"}
        return Posted(body, headers)


def _metadata(form: dict[str, str], name: str) -> dict[str, str]:
    head = f"{name}["
    return {key[len(head) : -1]: form[key] for key in form if key.startswith(head)}


def _error(status: int, kind: str, code: str, message: str) -> Response:
    return refuse(status, error={"type": kind, "code": code or None, "message": message})
