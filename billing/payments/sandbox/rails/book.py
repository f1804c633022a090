"""The payments of every stand-in, what happens to them, and what is owed to merchants."""

from __future__ import annotations

import json
import secrets
import threading
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..clock import Clock
from ..faults import Faults
from ..notifications import Outbox
from ..web import Request, Response, Route, json_response
from .deals import LATE, STORIES, Deal


@dataclass(frozen=True)
class RailKeys:
    """The keys of the one merchant each stand-in knows. Public, and good for nothing."""

    wave_key: str = "bac-a-sable-wave"
    wave_secret: str = "bac-a-sable-wave-notifications"  # noqa: S105
    stripe_key: str = "bac-a-sable-stripe"
    stripe_secret: str = "bac-a-sable-stripe-notifications"  # noqa: S105
    orange_id: str = "bac-a-sable-orange"
    orange_secret: str = "bac-a-sable-orange-secret"  # noqa: S105
    orange_merchant: str = "bac-a-sable-orange-marchand"
    cinetpay_key: str = "bac-a-sable-cinetpay"
    cinetpay_password: str = "bac-a-sable-cinetpay-mot-de-passe"  # noqa: S105


@dataclass(frozen=True)
class Posted:
    """A notification: its bytes and its headers."""

    body: bytes
    headers: dict[str, str]


class UnknownDeal(Exception):
    """No payment has this id."""


class Book:
    """Every payment of every stand-in. Safe to use in threads."""

    def __init__(self, clock: Clock, outbox: Outbox, *, merchant_url: str = "") -> None:
        self.clock = clock
        self.outbox = outbox
        self.merchant_url = merchant_url.rstrip("/")
        self.lock = threading.RLock()
        self._deals: dict[str, Deal] = {}
        self._rails: dict[str, Rail] = {}

    def take(self, rail: Rail) -> None:
        """Let a stand-in write the notifications of its own payments."""
        self._rails[rail.provider] = rail

    def add(self, deal: Deal) -> None:
        """Keep a new payment."""
        with self.lock:
            self._deals[deal.id] = deal

    def find(self, deal_id: str) -> Deal:
        """Return a payment, expired by now if its hour is past.

        :raises UnknownDeal: there is none.
        """
        with self.lock:
            deal = self._deals.get(deal_id)
            if deal is None:
                raise UnknownDeal(deal_id)
            if deal.is_payable and self.clock.now() > deal.expires_at:
                deal.state = "expired"
            return deal

    def find_reference(self, reference: str, provider: str = "") -> Deal:
        """Return the newest payment of a merchant's reference.

        :raises UnknownDeal: there is none.
        """
        with self.lock:
            found = [
                deal
                for deal in self._deals.values()
                if deal.reference == reference and provider in ("", deal.provider)
            ]
        if not found:
            raise UnknownDeal(reference)
        return self.find(found[-1].id)

    def deals_of(self, provider: str) -> list[Deal]:
        """Return the payments of one stand-in, oldest first."""
        with self.lock:
            return [deal for deal in self._deals.values() if deal.provider == provider]

    def play(self, deal_id: str, key: str) -> Deal:
        """Have a story happen to a payment that is not paid yet, and owe what it notifies.

        :raises KeyError: there is no such story.
        """
        story = STORIES[key]
        with self.lock:
            deal = self.find(deal_id)
            if not deal.is_payable:
                return deal
            deal.story, deal.amount_shift = key, story.amount_shift
            deal.told_currency, deal.broken_checks = story.told_currency, story.broken_checks
            before = deal.state
            self._move(deal, story.state)
            for number, kind in enumerate(story.notices):
                if number and story.then:
                    self._move(deal, story.then)
                self.notify(deal, kind, before=before)
            return deal

    def reverse(self, deal_id: str) -> Deal:
        """Take the money of a paid payment back, and tell."""
        with self.lock:
            deal = self.find(deal_id)
            self._move(deal, "reversed")
            self.notify(deal, "now")
            return deal

    def notify(self, deal: Deal, kind: str = "now", *, before: str = "open") -> None:
        """Owe one notification: now, late, an old one told after, or one that is forged."""
        rail = self._rails[deal.provider]
        told = before if kind == "old" else deal.state
        message = rail.write(deal, told, is_forged=kind == "forged")
        url = deal.notify_url or f"{self.merchant_url}/api/webhooks/{rail.provider}/"
        delay = LATE if kind == "late" else 0
        self.outbox.queue(deal.reference, f"{rail.provider} {told}", url, message, delay=delay)

    def clear(self) -> None:
        """Forget every payment."""
        with self.lock:
            self._deals.clear()

    def _move(self, deal: Deal, state: str) -> None:
        deal.state = state
        if state == "paid" and deal.paid_at is None:
            deal.paid_at, deal.txn_id = self.clock.now(), deal.txn_id or new_id("T")


class Rail(ABC):
    """One stand-in: its addresses, and how it writes a notification."""

    provider: str

    def __init__(self, book: Book, faults: Faults, keys: RailKeys) -> None:
        self.book = book
        self.faults = faults
        self.keys = keys
        book.take(self)

    @property
    @abstractmethod
    def routes(self) -> list[Route]:
        """The addresses of the API."""

    @abstractmethod
    def write(self, deal: Deal, state: str, *, is_forged: bool) -> Posted:
        """Return the notification of a state."""

    def page_of(self, request: Request, deal: Deal) -> str:
        """Return the address of the page where the payer chooses."""
        return f"{request.origin}/rail/{deal.id}"

    def break_check(self, deal: Deal) -> Response | None:
        """Return the error that the story of a payment wants here, if it does."""
        if deal.broken_checks and deal.state == "paid":
            deal.broken_checks -= 1
            return Response(b"Internal Server Error", 500)
        return self.faults.answer("check")


def read_json(request: Request) -> Mapping[str, Any] | None:
    """Return the object posted, None when it is none."""
    try:
        value = json.loads(request.body)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def refuse(http_status: int, **values: object) -> Response:
    """Return an error as JSON."""
    return json_response(values, http_status)


def new_id(prefix: str) -> str:
    """Return an id as providers make them."""
    return prefix + secrets.token_hex(12)
