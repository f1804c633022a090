"""The two calls a merchant's server makes: start a payment, and check one."""

from __future__ import annotations

from .clock import write_moment
from .faults import BLOCKED_AGENT, CLOUDFLARE, Faults
from .orders import Forbidden, Refused, read_json
from .stages import Stage
from .state import CheckFault, Sandbox
from .transactions import Transaction
from .web import Request, Response, Route, json_response, route

PAID_OUT_AFTER = 2 * 24 * 3600  # seconds between a payment and the merchant having it


class Api:
    """`/v2/payment` and `/v2/payment/check`."""

    def __init__(self, sandbox: Sandbox, faults: Faults) -> None:
        self._sandbox = sandbox
        self._faults = faults

    @property
    def routes(self) -> list[Route]:
        return [
            route("POST", "/v2/payment", self.start),
            route("POST", "/v2/payment/check", self.check),
        ]

    def start(self, request: Request) -> Response:
        """Create a payment and return its page."""
        if blocked := _block(request) or self._faults.answer("start"):
            return blocked
        try:
            payment = self._sandbox.create_payment(read_json(request.body))
        except Forbidden:
            return Response(CLOUDFLARE, 403, "text/html")
        except Refused as refused:
            return self._refuse(refused)
        self._faults.lose("start")
        url = f"{request.origin}/payment/{payment.token}"
        return self._envelope(
            "201",
            "CREATED",
            "Transaction created with success",
            {"payment_token": payment.token, "payment_url": url},
            status=201,
        )

    def check(self, request: Request) -> Response:
        """Tell how a payment stands."""
        if blocked := _block(request) or self._faults.answer("check"):
            return blocked
        try:
            payment = self._sandbox.check_payment(read_json(request.body))
        except CheckFault as fault:
            return Response(b"", fault.status)
        except Refused as refused:
            return self._refuse(refused)
        self._faults.lose("check")
        stage = payment.stage
        return self._envelope(stage.code, stage.message, "", _describe(payment))

    def _refuse(self, refused: Refused) -> Response:
        return self._envelope(
            refused.code, refused.message, refused.description, status=refused.http_status
        )

    def _envelope(
        self, code: str, message: str, description: str, data: dict | None = None, status: int = 200
    ) -> Response:
        envelope: dict = {"code": code, "message": message}
        if description:
            envelope["description"] = description
        if data:
            envelope["data"] = data
        envelope["api_response_id"] = f"{self._sandbox.clock.now():.4f}"
        return json_response(envelope, status)


def _block(request: Request) -> Response | None:
    """Stop what Cloudflare stops before CinetPay: no browser name, no JSON."""
    if not request.headers.get("user-agent"):
        return Response(BLOCKED_AGENT, 403, "text/html")
    if request.headers.get("content-type", "").partition(";")[0] != "application/json":
        return Response(CLOUDFLARE, 403, "text/html")
    return None


def _describe(payment: Transaction) -> dict:
    was_paid = payment.stage in {Stage.ACCEPTED, Stage.REVERSED}
    shift = payment.scenario.amount_shift if payment.scenario and was_paid else 0
    paid_at = payment.paid_at or 0
    return {
        "amount": str(payment.amount + shift),
        "currency": payment.currency,
        "status": payment.stage.status,
        "payment_method": payment.operator or None,
        "description": payment.description,
        "metadata": payment.metadata or None,
        "operator_id": payment.operator_id if was_paid else None,
        "payment_date": write_moment(paid_at) if was_paid else " ",
        "fund_availability_date": write_moment(paid_at + PAID_OUT_AFTER) if was_paid else " ",
    }
