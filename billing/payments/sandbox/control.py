"""What a test may ask of the sandbox over HTTP, with the right token."""

from __future__ import annotations

import hmac

from .faults import Faults
from .orders import Refused, read_json
from .registry import UnknownPayment
from .scenarios import SCENARIOS, read_phone
from .state import NotNow, Sandbox
from .web import Request, Response, Route, json_response, route


class Control:
    """`/__control__/…`; without a token given at start, none of it exists."""

    def __init__(self, sandbox: Sandbox, faults: Faults, token: str) -> None:
        self._sandbox = sandbox
        self._faults = faults
        self._token = token

    @property
    def routes(self) -> list[Route]:
        if not self._token:
            return []
        return [
            route("GET", "/__control__/transactions", self._guard(self.transactions)),
            route("GET", "/__control__/outbox", self._guard(self.outbox)),
            *(
                route("POST", f"/__control__/{act.__name__}", self._guard(act))
                for act in (
                    self.scenario,
                    self.decide,
                    self.advance,
                    self.flush,
                    self.notify,
                    self.faults,
                    self.reset,
                )
            ),
        ]

    def _guard(self, act):
        def answer(request: Request) -> Response:
            given = request.headers.get("x-sandbox-control", "")
            if not hmac.compare_digest(given.encode(), self._token.encode()):
                return Response(b"Forbidden", 403)
            try:
                values = read_json(request.body) if request.body else {}
                return json_response(act(values))
            except UnknownPayment:
                return json_response({"error": "unknown payment"}, 404)
            except NotNow as error:
                return json_response({"error": f"not now: {error}"}, 409)
            except (Refused, KeyError, ValueError, TypeError) as error:
                return json_response({"error": f"{type(error).__name__}: {error}"}, 400)

        return answer

    def transactions(self, values: dict) -> dict:
        """List the payments."""
        return {"now": self._sandbox.clock.now(), "transactions": self._sandbox.list_payments()}

    def outbox(self, values: dict) -> dict:
        """List the notifications, sent and to be sent."""
        return {"outbox": [notice.describe() for notice in self._sandbox.outbox.notices]}

    def scenario(self, values: dict) -> dict:
        """Pay in the payer's place, by the last two digits of a scenario or a whole number."""
        key = str(values["key"])
        phone = read_phone(f"07070707{key}" if key in SCENARIOS else key)
        if phone is None:
            raise ValueError(f"no phone number in {key}")
        payment = self._sandbox.find(values["transaction_id"])
        self._sandbox.open_page(payment.token)
        operator = str(values.get("operator", "MOMO"))
        return self._sandbox.pay(payment.token, operator=operator, phone=phone).describe()

    def decide(self, values: dict) -> dict:
        """Answer in the payer's place, or reverse an accepted payment."""
        token = self._sandbox.find(values["transaction_id"]).token
        if values["decision"] == "reverse":
            return self._sandbox.reverse(token).describe()
        return self._sandbox.decide(token, values["decision"]).describe()

    def advance(self, values: dict) -> dict:
        """Move the virtual clock by some seconds."""
        self._sandbox.advance(float(values["seconds"]))
        return {"now": self._sandbox.clock.now()}

    def flush(self, values: dict) -> dict:
        """Send every notification that waits, whatever its hour."""
        return {"sent": [each.describe() for each in self._sandbox.outbox.deliver_all()]}

    def notify(self, values: dict) -> dict:
        """Send a payment's notification again, some times, spoilt if asked."""
        sent = self._sandbox.notify_again(
            values["transaction_id"],
            times=int(values.get("times", 1)),
            mutate=str(values.get("mutate") or ""),
        )
        return {"sent": [each.describe() for each in sent]}

    def faults(self, values: dict) -> dict:
        """Put a fault in force, or none."""
        self._faults.set(values)
        return {"fault": values}

    def reset(self, values: dict) -> dict:
        """Forget everything and answer normally."""
        self._faults.clear()
        self._sandbox.reset()
        return {}
