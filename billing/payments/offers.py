"""What a client may do about paying an invoice: amounts, ways to pay, a payment under way."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef

from billing.invoicing.models import Invoice
from billing.payments.forms import PayForm
from billing.payments.gateways import NAMES
from billing.payments.models import Anomaly, PaymentAttempt
from billing.payments.routing import OpenChannel, open_channels
from billing.payments.services.attempts import PAGE_LIFE, may_resume
from core.accounts.models import User

MOST_ATTEMPTS = 100  # of one invoice, on one page


@dataclass(frozen=True)
class Offer:
    """How an invoice may be paid online now. Amounts are whole units of its currency.

    `amount` is what one payment asks at most; below `due` when the ceiling is in the way.
    """

    invoice: Invoice
    due: int
    amount: int = 0
    channels: list[OpenChannel] = field(default_factory=list)
    live: PaymentAttempt | None = None
    is_resumable: bool = False
    is_over_ceiling: bool = False
    is_in_review: bool = False  # money came that a person of the team is looking at

    @property
    def is_payable(self) -> bool:
        return self.due > 0

    @property
    def is_same_everywhere(self) -> bool:
        """Tell whether each channel takes the same amount, so that the button may name it."""
        return len({channel.amount for channel in self.channels}) == 1

    @property
    def is_used_up(self) -> bool:
        """Tell whether nothing but ceilings by day is in the way."""
        return bool(self.channels) and all(channel.is_used_up for channel in self.channels)

    @property
    def plan(self) -> str:
        """How the due is paid in several times, by the channel that takes most at once."""
        return max(self.channels, key=lambda channel: channel.amount).plan

    @property
    def providers(self) -> str:
        """The names of those whose pages the channels lead to."""
        names = [NAMES[channel.routes[0].access.provider] for channel in self.channels]
        return ", ".join(dict.fromkeys(names))

    @property
    def is_open(self) -> bool:
        """Tell whether there is a way to pay online at all."""
        return self.is_payable and self.amount > 0 and bool(self.channels)

    def form(self, data: Any = None) -> PayForm:
        """Return the form, with the largest amount typed in when the whole is over the ceiling."""
        initial = {"amount": str(self.amount)} if self.is_over_ceiling else {}
        return PayForm(
            data, initial=initial, channels=self.channels, currency=self.invoice.currency
        )


def make_offer(
    *, invoice: Invoice, user: User, at: datetime, attempts: list[PaymentAttempt] | None = None
) -> Offer:
    """Say how an invoice may be paid by a person at a moment.

    `attempts` may be given as `attempts_of` read them.
    """
    due = invoice.amount_payable_now
    channels = open_channels(payable=invoice, user=user, at=at) if due > 0 else []
    if not channels:
        return Offer(invoice=invoice, due=due)
    tried = _open_attempts(attempts_of(invoice) if attempts is None else attempts, at)
    live = next((attempt for attempt in tried if attempt.is_live), None)
    return Offer(
        invoice=invoice,
        due=due,
        amount=max(channel.amount for channel in channels),
        channels=channels,
        live=live,
        is_resumable=live is not None and may_resume(live, at=at),
        is_over_ceiling=all(channel.is_over_ceiling for channel in channels),
        is_in_review=any(not attempt.is_live for attempt in tried),
    )


def attempts_of(invoice: Invoice) -> list[PaymentAttempt]:
    """Return the tries to pay an invoice, newest first; `is_watched` when our eyes are awaited."""
    open_anomalies = Anomaly.objects.filter(attempt=OuterRef("pk"), resolved_at=None)
    rows = invoice.attempts.annotate(is_watched=Exists(open_anomalies))
    return list(rows.order_by("-created_at", "-pk")[:MOST_ATTEMPTS])


def _open_attempts(attempts: list[PaymentAttempt], at: datetime) -> list[PaymentAttempt]:
    """Return the attempts whose page may still be open, and those that wait for our eyes."""
    return [
        attempt
        for attempt in attempts
        if (attempt.is_live and attempt.created_at > at - PAGE_LIFE)
        or (attempt.state == PaymentAttempt.State.REVIEW and attempt.is_watched)
    ]
