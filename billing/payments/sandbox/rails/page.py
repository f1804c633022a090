"""The one page of the stand-ins: a person chooses what happens, and goes back."""

from __future__ import annotations

from django.template.loader import render_to_string

from ..pages import group_amount
from ..web import Request, Response, Route, redirect, route
from .book import Book, UnknownDeal
from .deals import STORIES, Deal

TEMPLATE = "billing/payments/sandbox/rail.html"
NAMES = {"wave": "Wave", "orange-money": "Orange Money", "stripe": "Stripe", "cinetpay": "CinetPay"}
SCALES = {"EUR": 100, "USD": 100, "GBP": 100, "CAD": 100, "CHF": 100}
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; font-src 'self'; img-src 'self'; "
    "base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
)


class RailPages:
    """`/rail/<id>`."""

    def __init__(self, book: Book, merchant_name: str) -> None:
        self._book = book
        self._merchant_name = merchant_name

    @property
    def routes(self) -> list[Route]:
        return [
            route("GET", "/rail/<deal_id>", self.show),
            route("POST", "/rail/<deal_id>", self.play),
            route("GET", "/rail/<deal_id>/back", self.back),
        ]

    def show(self, request: Request, deal_id: str) -> Response:
        """Show a payment and what may happen to it."""
        try:
            deal = self._book.find(deal_id)
        except UnknownDeal:
            return Response(b"Not found", 404)
        html = render_to_string(TEMPLATE, self._context(deal))
        headers = {"Content-Security-Policy": POLICY, "Referrer-Policy": "no-referrer"}
        return Response(html.encode(), 200, "text/html; charset=utf-8", headers)

    def play(self, request: Request, deal_id: str) -> Response:
        """Have what was chosen happen."""
        try:
            self._book.play(deal_id, request.form.get("story", ""))
        except KeyError:
            return Response(b"Bad request", 400)
        return redirect(f"/rail/{deal_id}")

    def back(self, request: Request, deal_id: str) -> Response:
        """Send the payer back to the merchant."""
        try:
            deal = self._book.find(deal_id)
        except UnknownDeal:
            return Response(b"Not found", 404)
        is_paid = deal.state in {"paid", "waiting", "reversed"}
        return redirect(deal.back_url if is_paid else deal.cancel_url or deal.back_url)

    def _context(self, deal: Deal) -> dict[str, object]:
        scale = SCALES.get(deal.currency, 1)
        whole, cents = divmod(deal.amount, scale)
        digits = group_amount(whole) + (f",{cents:02d}" if scale > 1 else "")
        return {
            "deal": deal,
            "provider": NAMES[deal.provider],
            "merchant": self._merchant_name,
            "lang": "fr",
            "amount": digits,
            "unit": "F\u00a0CFA" if deal.currency == "XOF" else deal.currency,
            "stories": [(key, story.title) for key, story in STORIES.items()],
        }
