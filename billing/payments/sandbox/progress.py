"""Move a payment from stage to stage, keep it, and tell its merchant."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from .clock import Clock
from .messages import Message, Notice, spoil, write_message
from .notifications import Outbox
from .orders import Merchant
from .scenarios import Steps
from .stages import SILENT, WAITING, Stage
from .storage import Storage
from .transactions import Timer, Transaction

PATIENCE = 300  # seconds a payer has to answer on the phone
SWAPPED_DELAY = 2  # seconds by which a notification sent too late is late


class Progress:
    """The only place where a payment's stage changes. Callers hold the sandbox's lock."""

    def __init__(
        self, *, clock: Clock, outbox: Outbox, merchant: Merchant, storage: Storage
    ) -> None:
        self._clock = clock
        self._outbox = outbox
        self._merchant = merchant
        self._storage = storage

    def move(self, payment: Transaction, stage: Stage) -> None:
        """Reach a stage, keep it, and queue the notification of it."""
        now = self._clock.now()
        payment.stage = stage
        payment.history.append([now, stage.name])
        if stage is Stage.ACCEPTED:
            payment.paid_at = now
            payment.operator_id = _operator_reference(payment)
            payment.timers = []
        self._storage.save(payment)
        if stage not in SILENT:
            self._notify(payment)

    def play(self, payment: Transaction, steps: Steps) -> None:
        """Start a scenario: its first stages now, the others when their time comes."""
        now = self._clock.now()
        payment.timers = [Timer(now + delay, stage.name) for delay, stage in steps]
        self.fire_timers(payment)

    def ask_payer(self, payment: Transaction) -> None:
        """Ask an ordinary payer: a code with Orange, the bank for a card, else the phone."""
        stage = {"OM": Stage.CODE_ASKED, "VISAM": Stage.AT_BANK}.get(
            payment.operator, Stage.ON_PHONE
        )
        due_at = self._clock.now() + PATIENCE
        waiting = sorted(each.name for each in WAITING)
        payment.timers = [Timer(due_at, Stage.REFUSED.name, only_from=waiting)]
        self.move(payment, stage)

    def approve(self, payment: Transaction) -> None:
        """Take the payer's yes, which the bank may still turn down."""
        scenario = payment.scenario
        payment.timers = []
        self.move(payment, scenario.on_approval if scenario else Stage.ACCEPTED)

    def fire_timers(self, payment: Transaction) -> None:
        """Reach every stage whose time has come, in order."""
        now = self._clock.now()
        due = [timer for timer in payment.timers if timer.due_at <= now]
        payment.timers = [timer for timer in payment.timers if timer.due_at > now]
        for timer in due:
            if not timer.only_from or payment.stage.name in timer.only_from:
                self.move(payment, Stage[timer.stage])

    def send_again(self, payment: Transaction, mutate: str = "") -> Notice:
        """Queue one more notification of the current stage, spoilt if asked.

        :raises KeyError: there is no such way to spoil one.
        """
        message = write_message(payment, self._merchant)
        return self._queue(payment, spoil(message, mutate, self._merchant) if mutate else message)

    def _notify(self, payment: Transaction) -> None:
        way = payment.scenario.notices if payment.scenario else "once"
        message = write_message(payment, self._merchant)
        if way == "never":
            return
        if way == "forged":
            message = replace(message, token="f" * 64)
        is_late = way == "reversed" and payment.stage is not Stage.ACCEPTED
        self._queue(payment, message, delay=SWAPPED_DELAY if is_late else 0)
        if way == "thrice":
            self._queue(payment, message, delay=1)
            self._queue(payment, message, delay=2)

    def _queue(self, payment: Transaction, message: Message, *, delay: float = 0) -> Notice:
        return self._outbox.queue(
            payment.transaction_id, payment.stage.name, payment.notify_url, message, delay=delay
        )


def _operator_reference(payment: Transaction) -> str:
    digest = hashlib.sha256(payment.token.encode()).hexdigest()[:10].upper()
    return f"{payment.operator or 'MP'}.{digest}"
