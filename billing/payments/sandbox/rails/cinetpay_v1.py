"""CinetPay's newer API: signing in, a page, a status, and notifications with a token."""

from __future__ import annotations

import json
import secrets
from typing import Any

from ..web import Request, Response, Route, json_response, route
from .book import Posted, Rail, UnknownDeal, new_id, read_json, refuse
from .deals import Deal

LASTS = 60 * 60
CODES = {
    "open": (2001, "INITIATED"),
    "waiting": (2002, "PENDING"),
    "failed": (2010, "FAILED"),
    "paid": (100, "SUCCESS"),
    "reversed": (100, "SUCCESS"),
    "expired": (2003, "EXPIRED"),
}
REQUIRED = ("merchant_transaction_id", "designation", "client_email", "success_url", "notify_url")


class CinetPayV1Rail(Rail):
    """`https://api.cinetpay.net`, at the root as there."""

    provider = "cinetpay"

    def __init__(self, *parts: Any) -> None:
        super().__init__(*parts)
        self.tokens: set[str] = set()

    @property
    def routes(self) -> list[Route]:
        return [
            route("POST", "/v1/oauth/login", self.sign_in),
            route("POST", "/v1/payment", self._guard(self.create)),
            route("GET", "/v1/payment/<which>", self._guard(self.read)),
            route("GET", "/v1/balances", self._guard(self.balances)),
        ]

    def sign_in(self, request: Request) -> Response:
        """Lend a token for the right pair."""
        asked = read_json(request) or {}
        pair = (asked.get("api_key"), asked.get("api_password"))
        if pair != (self.keys.cinetpay_key, self.keys.cinetpay_password):
            return refuse(401, code=1005, status="INVALID_CREDENTIALS")
        token = secrets.token_hex(16)
        self.tokens.add(token)
        facts = {"access_token": token, "token_type": "bearer", "expires_in": 86400}
        return json_response({"code": 200, "status": "OK", **facts})

    def _guard(self, act: Any) -> Any:
        def answer(request: Request, **names: str) -> Response:
            if request.headers.get("authorization", "").removeprefix("Bearer ") not in self.tokens:
                return refuse(401, code=1003, status="EXPIRED_TOKEN")
            return act(request, **names)

        return answer

    def create(self, request: Request) -> Response:
        """Open a payment page."""
        if broken := self.faults.answer("start"):
            return broken
        asked = read_json(request) or {}
        amount = asked.get("amount")
        is_whole = type(amount) is int and 100 <= amount <= 2_500_000
        if not all(asked.get(name) for name in REQUIRED) or not is_whole:
            return refuse(422, code=1004, status="INVALID_PARAMS", message="missing or wrong")
        try:
            self.book.find_reference(str(asked["merchant_transaction_id"]), self.provider)
        except UnknownDeal:
            deal = self._add(asked, int(amount))
        else:
            return json_response({"code": 1200, "status": "TRANSACTION_EXIST"})
        self.faults.lose("start")
        return json_response(
            {
                "code": 200,
                "status": "OK",
                "payment_token": deal.id,
                "notify_token": deal.secret,
                "transaction_id": deal.txn_id,
                "merchant_transaction_id": deal.reference,
                "payment_url": self.page_of(request, deal),
                "details": {"code": 2001, "status": "INITIATED", "must_be_redirected": True},
            }
        )

    def _add(self, asked: Any, amount: int) -> Deal:
        now = self.book.clock.now()
        deal = Deal(
            id=new_id("cp-"),
            provider=self.provider,
            reference=str(asked["merchant_transaction_id"]),
            amount=amount,
            currency=str(asked.get("currency", "XOF")),
            description=str(asked["designation"]),
            notify_url=str(asked["notify_url"]),
            back_url=str(asked["success_url"]),
            cancel_url=str(asked.get("failed_url", "")),
            created_at=now,
            expires_at=now + LASTS,
            txn_id=new_id("CPT"),
            secret=secrets.token_hex(16),
        )
        self.book.add(deal)
        return deal

    def read(self, request: Request, which: str) -> Response:
        """Tell how a payment stands; its amount only when a story makes it wrong."""
        try:
            deal = self._find(which)
        except UnknownDeal:
            return refuse(404, code=404, status="NOT_FOUND")
        if broken := self.break_check(deal):
            return broken
        code, status = CODES[deal.state]
        told: dict[str, Any] = {
            "code": code,
            "status": status,
            "merchant_transaction_id": deal.reference,
            "transaction_id": deal.txn_id,
            "user": {"name": "Awa Koné", "email": "", "phone_number": "+2250707070700"},
        }
        if deal.amount_shift or deal.told_currency:
            told |= {"amount": deal.told_amount, "currency": deal.told_currency or deal.currency}
        return json_response(told)

    def _find(self, which: str) -> Deal:
        try:
            return self.book.find(which)
        except UnknownDeal:
            return self.book.find_reference(which, self.provider)

    def balances(self, request: Request) -> Response:
        """Tell a balance."""
        return json_response({"code": 200, "available_balance": "0", "currency": "XOF"})

    def write(self, deal: Deal, state: str, *, is_forged: bool) -> Posted:
        """Return the notification, the same bytes whatever happened."""
        told = {
            "notify_token": secrets.token_hex(16) if is_forged else deal.secret,
            "merchant_transaction_id": deal.reference,
            "transaction_id": deal.txn_id,
        }
        return Posted(json.dumps(told).encode(), {"Content-Type": "application/json"})
