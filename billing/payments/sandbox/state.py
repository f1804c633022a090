"""The sandbox without its web server: payments, what happens to them, and when."""

from __future__ import annotations

import secrets
import threading
from collections import deque
from collections.abc import Mapping
from typing import Any

from .clock import Clock, VirtualClock
from .messages import Notice
from .notifications import Outbox
from .orders import Merchant, Refused, read_order, require_keys
from .progress import Progress
from .registry import Registry
from .scenarios import Phone, card_key, scenario_key
from .stages import PAYABLE, REFUSALS, WAITING, Stage
from .storage import NoStorage, Storage
from .transactions import Transaction

WRONG_CODE = "0000"
DECISIONS = {
    "refuse": Stage.REFUSED,
    "cancel": Stage.REFUSED,
    "timeout": Stage.REFUSED,
    "insufficient": Stage.NO_BALANCE,
    "otp_error": Stage.CODE_WRONG,
}


class NotNow(Exception):
    """The payment does not stand where this can be done."""


class CheckFault(Exception):
    """A check to be answered with an HTTP error, as its scenario wants."""

    def __init__(self, status: int) -> None:
        super().__init__(str(status))
        self.status = status


class Sandbox:
    """Every payment, driven by its payer, by time, or by a test. Safe to use in threads."""

    def __init__(
        self,
        *,
        clock: Clock,
        outbox: Outbox,
        merchant: Merchant | None = None,
        storage: Storage | None = None,
        starts_per_minute: int = 60,
        round_down: bool = False,
    ) -> None:
        self.clock = clock
        self.outbox = outbox
        self.merchant = merchant or Merchant()
        storage = storage or NoStorage()
        self._progress = Progress(
            clock=clock, outbox=outbox, merchant=self.merchant, storage=storage
        )
        self._payments = Registry(storage)
        self._starts_per_minute = starts_per_minute
        self._round_down = round_down
        self._starts: deque[float] = deque()
        self._lock = threading.RLock()

    def create_payment(self, values: Mapping[str, Any]) -> Transaction:
        """Create a payment from what a merchant posted.

        :raises Refused: a field, a key or the pace is wrong, or the reference was used.
        :raises Forbidden: the metadata is JSON.
        """
        with self._lock:
            order = read_order(values, self.merchant, round_down=self._round_down)
            if order["transaction_id"] in self._payments:
                raise Refused("608", "MINIMUM_REQUIRED_FIELDS", "transaction_id already exists")
            self._count_start()
            payment = Transaction(**order, token=secrets.token_hex(32), created_at=self.clock.now())
            self._payments.add(payment)
            self._progress.move(payment, Stage.CREATED)
            self.outbox.queue_ping(payment.transaction_id, payment.notify_url)
            return payment

    def check_payment(self, values: Mapping[str, Any]) -> Transaction:
        """Return the payment a merchant asks about.

        :raises Refused: the keys are wrong, or the reference is unknown.
        :raises CheckFault: the scenario wants an HTTP error here.
        """
        with self._lock:
            require_keys(values, self.merchant)
            reference = str(values.get("transaction_id", ""))
            if reference not in self._payments:
                raise Refused("627", "TRANSACTION_CANCEL", "transaction unknown", 200)
            payment = self._payments.find(reference)
            if payment.check_faults and payment.stage is Stage.ACCEPTED:
                raise CheckFault(payment.check_faults.pop(0))
            return payment

    def open_page(self, token: str) -> Transaction:
        """Return a payment whose page is being looked at.

        :raises UnknownPayment: no payment has this token.
        """
        with self._lock:
            payment = self._payments.find_page(token)
            if payment.stage is Stage.CREATED:
                self._progress.move(payment, Stage.OPENED)
            return payment

    def pay(
        self, token: str, *, operator: str, phone: Phone | None = None, card: str = ""
    ) -> Transaction:
        """Start paying with a phone number or a card; either may choose a scenario.

        :raises NotNow: the payer has paid, or is paying.
        """
        with self._lock:
            payment = self._payments.find_page(token)
            if payment.stage not in PAYABLE:
                raise NotNow(payment.stage.name)
            payment.operator = operator
            payment.prefix, payment.phone = (phone.prefix, phone.national) if phone else ("", "")
            payment.scenario_key = scenario_key(phone) if phone else card_key(card)
            if payment.scenario:
                payment.check_faults = list(payment.scenario.check_faults)
                self._progress.play(payment, payment.scenario.steps)
            else:
                self._progress.ask_payer(payment)
            return payment

    def give_code(self, token: str, code: str) -> Transaction:
        """Type the operator's one-time code; 0000 is wrong, anything else is right.

        :raises NotNow: no code is asked for.
        """
        with self._lock:
            payment = self._payments.find_page(token)
            if payment.stage not in {Stage.CODE_ASKED, Stage.CODE_WRONG}:
                raise NotNow(payment.stage.name)
            self._progress.move(payment, Stage.CODE_WRONG if code == WRONG_CODE else Stage.ACCEPTED)
            return payment

    def decide(self, token: str, decision: str) -> Transaction:
        """Answer on the phone: "accept", "ignore", or one of `DECISIONS`.

        :raises NotNow: nothing waits for an answer.
        :raises KeyError: there is no such decision.
        """
        with self._lock:
            payment = self._payments.find_page(token)
            stage = None if decision in {"accept", "ignore"} else DECISIONS[decision]
            may_leave = decision == "cancel" and payment.stage in PAYABLE
            if payment.stage not in WAITING and not may_leave:
                raise NotNow(payment.stage.name)
            if decision == "accept":
                self._progress.approve(payment)
            elif stage is not None:
                if stage is not Stage.CODE_WRONG:  # a wrong code may be typed again
                    payment.timers = []
                self._progress.move(payment, stage)
            return payment

    def reverse(self, token: str) -> Transaction:
        """Give back the money of an accepted payment, as CinetPay's own people may.

        :raises NotNow: the payment was not accepted.
        """
        with self._lock:
            payment = self._payments.find_page(token)
            if payment.stage is not Stage.ACCEPTED:
                raise NotNow(payment.stage.name)
            self._progress.move(payment, Stage.REVERSED)
            return payment

    def retry(self, token: str) -> Transaction:
        """Go back to the choice of a method after a refusal.

        :raises NotNow: the payment was not refused.
        """
        with self._lock:
            payment = self._payments.find_page(token)
            if payment.stage not in REFUSALS:
                raise NotNow(payment.stage.name)
            payment.timers, payment.scenario_key = [], ""
            self._progress.move(payment, Stage.OPENED)
            return payment

    def note_return(self, token: str) -> Notice | None:
        """Note that the payer goes back; in the race scenario, return what to send meanwhile."""
        with self._lock:
            payment = self._payments.find_page(token)
            is_race = payment.scenario is not None and payment.scenario.notices == "race"
            if payment.return_seen or not is_race or payment.stage is not Stage.ACCEPTED:
                return None
            payment.return_seen = True
            return self._progress.send_again(payment)

    def run_due(self) -> None:
        """Let happen what is due by now, then send what is due."""
        with self._lock:
            for payment in self._payments:
                self._progress.fire_timers(payment)
        self.outbox.deliver_due()

    def advance(self, seconds: float) -> None:
        """Move a virtual clock, stopping at everything due on the way, in order.

        :raises NotNow: the clock is the real one.
        """
        if not isinstance(self.clock, VirtualClock):
            raise NotNow("the clock is real")
        target = self.clock.now() + seconds
        while (moment := self._next_due()) is not None and moment <= target:
            self.clock.move_to(moment)
            self.run_due()
        self.clock.move_to(target)

    def reset(self) -> None:
        """Forget everything, and put a virtual clock back to its start."""
        if isinstance(self.clock, VirtualClock):
            self.clock.restart()
        with self._lock:
            self._payments.clear()
            self._starts.clear()
            self.outbox.clear()

    def find(self, transaction_id: str) -> Transaction:
        """Return a payment by the merchant's reference.

        :raises UnknownPayment: there is none.
        """
        with self._lock:
            return self._payments.find(transaction_id)

    def list_payments(self) -> list[dict]:
        """Return every payment as plain JSON values, oldest first."""
        with self._lock:
            return [payment.describe() for payment in self._payments]

    def notify_again(self, transaction_id: str, *, times: int, mutate: str = "") -> list[Notice]:
        """Send some more notifications of a payment, spoilt or old if asked.

        :raises UnknownPayment: there is no such payment.
        :raises KeyError: there is no such way to spoil one.
        """
        payment = self.find(transaction_id)
        if mutate == "replay_old":
            notices = [self.outbox.queue_copy(transaction_id) for _ in range(times)]
        else:
            notices = [self._progress.send_again(payment, mutate) for _ in range(times)]
        return self.outbox.deliver(notices)

    def _count_start(self) -> None:
        now = self.clock.now()
        while self._starts and self._starts[0] <= now - 60:
            self._starts.popleft()
        if len(self._starts) >= self._starts_per_minute:
            raise Refused("429", "TOO_MANY_REQUEST", "more than one start a second", 429)
        self._starts.append(now)

    def _next_due(self) -> float | None:
        with self._lock:
            moments = [t.due_at for payment in self._payments for t in payment.timers]
        notice = self.outbox.next_due()
        return min(moments if notice is None else [*moments, notice], default=None)
