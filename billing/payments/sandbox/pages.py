"""Draw the sandbox's pages: the choice of a method, the wait, the phone, the end."""

from __future__ import annotations

import re
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils import translation

from .operators import CARD, OPERATORS, guess_operator, offered_operators
from .scenarios import SCENARIOS, read_phone
from .stages import PAYABLE, REFUSALS, WAITING, Stage
from .transactions import Transaction
from .web import Response

TEMPLATES = "billing/payments/sandbox/"
ASSETS = {
    "page.css": "text/css; charset=utf-8",
    "page.js": "text/javascript; charset=utf-8",
    "icon.svg": "image/svg+xml",
}
FONT = "nourx/nourx-sans.woff2"
STAGE_PAGES = {
    Stage.CODE_ASKED: "code.html",
    Stage.CODE_WRONG: "code.html",
    Stage.ON_PHONE: "wait.html",
    Stage.AT_BANK: "wait.html",
    Stage.ACCEPTED: "accepted.html",
}


class Pages:
    """The pages of one merchant's payments."""

    def __init__(self, merchant_name: str) -> None:
        self._merchant_name = merchant_name

    def show(self, payment: Transaction, *, error: str = "", typed: dict | None = None) -> Response:
        """Return the page of a payment as it stands."""
        if payment.stage in PAYABLE:
            return self.show_choice(payment, error=error, typed=typed or {})
        page = STAGE_PAGES.get(payment.stage, "refused.html")
        if payment.stage is Stage.CODE_WRONG and payment.operator != "OM":
            page = "wait.html"
        return self._render(page, payment, {"reloads": page == "wait.html"})

    def show_choice(self, payment: Transaction, *, error: str, typed: dict) -> Response:
        """Return the page where a method is chosen, with what was typed if it was wrong."""
        operators = offered_operators(payment)
        phone = read_phone(payment.customer.get("customer_phone_number", ""))
        number = typed.get("phone") or (phone.national if phone else "")
        codes = [operator.code for operator in operators]
        chosen = typed.get("operator") or guess_operator(number)
        context = {
            "operators": operators,
            "offers_card": CARD in codes,
            "chosen": chosen if chosen in codes else next(iter(codes), ""),
            "number": group_digits(number),
            "error": error,
            "scenarios": [(f"07 07 07 07 {key}", each) for key, each in SCENARIOS.items()],
        }
        return self._render("choice.html", payment, context, status=422 if error else 200)

    def show_phone(self, payment: Transaction) -> Response:
        """Return the payer's phone, or the page of the bank."""
        return self._render("phone.html", payment)

    def show_back(self, payment: Transaction) -> Response:
        """Return the page that sends the payer back to the merchant."""
        return self._render("back.html", payment)

    def show_missing(self) -> Response:
        """Return the page of an address that leads nowhere."""
        html = render_to_string(TEMPLATES + "missing.html", {"merchant": self._merchant_name})
        return _html(html, "", status=404)

    def _render(
        self, page: str, payment: Transaction, context: dict | None = None, status: int = 200
    ) -> Response:
        with translation.override(payment.lang):
            html = render_to_string(TEMPLATES + page, self._describe(payment) | (context or {}))
        return _html(html, payment.return_url, status=status)

    def _describe(self, payment: Transaction) -> dict[str, Any]:
        operator = OPERATORS.get(payment.operator)
        return {
            "payment": payment,
            "merchant": self._merchant_name,
            "lang": payment.lang,
            "amount": group_amount(payment.amount),
            "unit": "F\u00a0CFA" if payment.currency == "XOF" else payment.currency,
            "operator": operator,
            "is_card": payment.operator == CARD,
            "masked": mask_number(payment.phone),
            "stage": payment.stage.name,
            "steps": _steps(payment.stage),
            "is_refused": payment.stage in REFUSALS,
            "is_waiting": payment.stage in WAITING,
        }


def _steps(stage: Stage) -> tuple[str, str, str]:
    """Return where the thread beside the page stands: done, now, or next, three times."""
    if stage in PAYABLE:
        return ("now", "next", "next")
    return ("done", "now", "next") if stage in WAITING else ("done", "done", "now")


def find_asset(name: str) -> Response | None:
    """Return a file of the pages, or None; the font is the portal's, when there is one."""
    if name == "font.woff2":
        path = finders.find(FONT)
        if not path:
            return None
        with open(path, "rb") as font:
            return Response(font.read(), 200, "font/woff2", {"Cache-Control": "max-age=3600"})
    if name not in ASSETS:
        return None
    return Response((files(__package__) / "assets" / name).read_bytes(), 200, ASSETS[name])


def group_amount(amount: int) -> str:
    """Write an amount by thousands, with narrow no-break spaces."""
    return f"{amount:,}".replace(",", "\u202f")


def group_digits(number: str) -> str:
    """Write a number by pairs of digits."""
    digits = re.sub(r"\D", "", number)
    return " ".join(re.findall("..?", digits))


def mask_number(number: str) -> str:
    """Write a number with only its first two and last two digits."""
    if len(number) < 6:
        return ""
    pairs = re.findall("..?", number)
    return " ".join([pairs[0], *["••"] * (len(pairs) - 2), number[-2:]])


def _html(html: str, return_url: str, *, status: int) -> Response:
    parts = urlsplit(return_url)
    target = f" {parts.scheme}://{parts.netloc}" if parts.netloc else ""
    policy = (
        "default-src 'none'; style-src 'self'; script-src 'self'; font-src 'self'; "
        "img-src 'self'; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'; "
        f"form-action 'self'{target}"
    )
    headers = {"Content-Security-Policy": policy, "Referrer-Policy": "no-referrer"}
    return Response(html.encode(), status, "text/html; charset=utf-8", headers)
