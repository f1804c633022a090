"""Orange Money Web Payment: a token, a page, a status, and notifications without signature."""

from __future__ import annotations

import base64
import json
import secrets
from typing import Any

from ..web import Request, Response, Route, json_response, route
from .book import Posted, Rail, UnknownDeal, new_id, read_json, refuse
from .deals import Deal

LASTS = 10 * 60
STATUSES = {
    "open": "INITIATED",
    "waiting": "PENDING",
    "failed": "FAILED",
    "paid": "SUCCESS",
    "reversed": "SUCCESS",
    "expired": "EXPIRED",
}


class OrangeRail(Rail):
    """`https://api.orange.com`, below `/orange`."""

    provider = "orange-money"
    tokens: set[str]

    def __init__(self, *parts: Any) -> None:
        super().__init__(*parts)
        self.tokens = set()

    @property
    def routes(self) -> list[Route]:
        pay = "/orange/orange-money-webpay/<country>/v1"
        return [
            route("POST", "/orange/oauth/v3/token", self.sign_in),
            route("POST", f"{pay}/webpayment", self._guard(self.create)),
            route("POST", f"{pay}/transactionstatus", self._guard(self.read)),
        ]

    def sign_in(self, request: Request) -> Response:
        """Lend a token for the right pair."""
        pair = f"{self.keys.orange_id}:{self.keys.orange_secret}".encode()
        if request.headers.get("authorization") != f"Basic {base64.b64encode(pair).decode()}":
            return refuse(401, error="invalid_client", error_description="unknown client")
        token = secrets.token_hex(16)
        self.tokens.add(token)
        return json_response({"token_type": "Bearer", "access_token": token, "expires_in": 7776000})

    def _guard(self, act: Any) -> Any:
        def answer(request: Request, country: str) -> Response:
            if request.headers.get("authorization", "").removeprefix("Bearer ") not in self.tokens:
                return refuse(401, code=42, message="Expired credentials", description="token")
            return act(request, country)

        return answer

    def create(self, request: Request, country: str) -> Response:
        """Open a payment page."""
        if broken := self.faults.answer("start"):
            return broken
        asked = read_json(request) or {}
        wanted = "OUV" if country == "dev" else "XOF"
        amount = asked.get("amount")
        if asked.get("merchant_key") != self.keys.orange_merchant:
            return refuse(403, code=60, message="Forbidden", description="merchant_key")
        if asked.get("currency") != wanted or type(amount) is not int or amount <= 0:
            return refuse(400, code=61, message="Invalid body", description="amount or currency")
        if self._is_used(str(asked.get("order_id", ""))):
            return refuse(400, code=62, message="order_id already exists", description="used")
        deal = self._add(asked, amount)
        self.faults.lose("start")
        return json_response(
            {
                "status": 201,
                "message": "OK",
                "pay_token": deal.facts["pay_token"],
                "payment_url": self.page_of(request, deal),
                "notif_token": deal.secret,
            },
            201,
        )

    def _is_used(self, reference: str) -> bool:
        try:
            self.book.find_reference(reference, self.provider)
        except UnknownDeal:
            return False
        return True

    def _add(self, asked: Any, amount: int) -> Deal:
        now = self.book.clock.now()
        deal = Deal(
            id=new_id("om-"),
            provider=self.provider,
            reference=str(asked["order_id"]),
            amount=amount,
            currency="XOF",
            description="Orange Money",
            notify_url=str(asked.get("notif_url", "")),
            back_url=str(asked.get("return_url", "")),
            cancel_url=str(asked.get("cancel_url", "")),
            created_at=now,
            expires_at=now + LASTS,
            secret=secrets.token_hex(16),
            facts={"pay_token": secrets.token_hex(32)},
        )
        self.book.add(deal)
        return deal

    def read(self, request: Request, country: str) -> Response:
        """Tell how a payment stands, to who knows its token and its amount."""
        asked = read_json(request) or {}
        try:
            deal = self.book.find_reference(str(asked.get("order_id")), self.provider)
        except UnknownDeal:
            return refuse(404, code=60, message="Not found", description="order_id")
        if broken := self.break_check(deal):
            return broken
        is_known = asked.get("pay_token") == deal.facts["pay_token"]
        if not is_known or asked.get("amount") != deal.told_amount:
            return refuse(400, code=61, message="Invalid body", description="amount or token")
        return json_response(
            {"status": STATUSES[deal.state], "order_id": deal.reference, "txnid": deal.txn_id}, 201
        )

    def write(self, deal: Deal, state: str, *, is_forged: bool) -> Posted:
        """Return the notification: a status and the token of the payment."""
        token = secrets.token_hex(16) if is_forged else deal.secret
        told = {"status": STATUSES[state], "notif_token": token, "txnid": deal.txn_id}
        return Posted(json.dumps(told).encode(), {"Content-Type": "application/json"})
