"""The addresses of the payment page: choosing, typing a code, answering, going back."""

from __future__ import annotations

import threading

from django.utils.translation import gettext as _

from .operators import CARD, offered_operators
from .pages import Pages, find_asset
from .registry import UnknownPayment
from .scenarios import Phone, read_phone
from .state import NotNow, Sandbox
from .transactions import Transaction
from .web import Request, Response, Route, json_response, redirect, route

RACE = "notification-in-a-race"


class Checkout:
    """`/payment/<token>` and what lies below it."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._pages = Pages(sandbox.merchant.name)

    @property
    def routes(self) -> list[Route]:
        pages = [
            ("GET", "", self.show),
            ("GET", "/state", self.state),
            ("POST", "/pay", self.pay),
            ("POST", "/code", self.give_code),
            ("GET", "/phone", self.phone),
            ("POST", "/decide", self.decide),
            ("POST", "/retry", self.retry),
            ("POST", "/cancel", self.cancel),
            ("GET", "/back", self.back),
            ("POST", "/back", self.back),
        ]
        return [
            route("GET", "/assets/<name>", self.asset),
            *(
                route(method, f"/payment/<token>{path}", self._known(act))
                for method, path, act in pages
            ),
        ]

    def _known(self, act):
        """Answer 404 for an unknown token, and show the page again when it is not the time."""

        def answer(request: Request, token: str) -> Response:
            try:
                return act(request, token)
            except UnknownPayment:
                return self._pages.show_missing()
            except NotNow:
                return redirect(f"/payment/{token}")

        return answer

    def asset(self, request: Request, name: str) -> Response:
        """Send a file of the pages."""
        return find_asset(name) or Response(b"Not found", 404)

    def show(self, request: Request, token: str) -> Response:
        """Show a payment as it stands."""
        payment = self._sandbox.open_page(token)
        self._race_back(token)
        return self._pages.show(payment)

    def state(self, request: Request, token: str) -> Response:
        """Tell the page whether it is out of date."""
        return json_response({"stage": self._sandbox.open_page(token).stage.name})

    def pay(self, request: Request, token: str) -> Response:
        """Start paying with the operator and number chosen."""
        form, payment = request.form, self._sandbox.open_page(token)
        operator = form.get("operator", "")
        phone = read_phone(form.get("phone", ""))
        if error := _find_mistake(payment, operator, phone):
            return self._pages.show(payment, error=error, typed=form)
        card = form.get("card", "") if operator == CARD else ""
        payment = self._sandbox.pay(
            token, operator=operator, phone=None if card else phone, card=card
        )
        if payment.scenario and payment.scenario.notices == "race":
            self._sandbox.outbox.deliver_due()  # told before the browser is
        return redirect(f"/payment/{token}")

    def give_code(self, request: Request, token: str) -> Response:
        """Take the one-time code."""
        code = request.form.get("otp", "").strip()
        if code:
            self._sandbox.give_code(token, code)
        return redirect(f"/payment/{token}")

    def phone(self, request: Request, token: str) -> Response:
        """Show the payer's phone."""
        return self._pages.show_phone(self._sandbox.open_page(token))

    def decide(self, request: Request, token: str) -> Response:
        """Take the answer given on the phone."""
        try:
            self._sandbox.decide(token, request.form.get("decision", ""))
        except KeyError:
            return Response(b"Bad request", 400)
        return redirect(f"/payment/{token}")

    def retry(self, request: Request, token: str) -> Response:
        """Go back to the choice after a refusal."""
        self._sandbox.retry(token)
        return redirect(f"/payment/{token}")

    def cancel(self, request: Request, token: str) -> Response:
        """Give up and go back to the merchant."""
        self._sandbox.decide(token, "cancel")
        return redirect(f"/payment/{token}/back")

    def back(self, request: Request, token: str) -> Response:
        """Send the payer back to the merchant, with a form posted across sites."""
        payment = self._sandbox.open_page(token)
        self._race_back(token)
        return self._pages.show_back(payment)

    def _race_back(self, token: str) -> None:
        """Let a notification run beside the returning browser, in the race scenario."""
        if notice := self._sandbox.note_return(token):
            deliver = self._sandbox.outbox.deliver
            threading.Thread(target=deliver, args=([notice],), name=RACE, daemon=True).start()


def _find_mistake(payment: Transaction, operator: str, phone: Phone | None) -> str:
    if operator not in {each.code for each in offered_operators(payment)}:
        return _("Choisissez un moyen de paiement de la liste.")
    if operator != CARD and phone is None:
        return _("Ce numéro n’est pas complet : dix chiffres, par exemple 07 12 34 56 78.")
    return ""
