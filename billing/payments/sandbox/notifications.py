"""The sandbox's outbox: what is due to merchants, sent only where it was told it may."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable
from ipaddress import ip_address
from urllib.parse import urlsplit

import requests

from .clock import Clock
from .messages import Notice, Posted

RETRY_DELAYS = (10, 60, 300)  # seconds; CinetPay does not say what its own are
AGENT = {"User-Agent": "CinetPay-sandbox/1.0"}

logger = logging.getLogger(__name__)


class Outbox:
    """Notices waiting to be posted, and those that were."""

    def __init__(
        self, clock: Clock, *, allowed_hosts: Iterable[str] = (), timeout: float = 10
    ) -> None:
        self._clock = clock
        self._allowed_hosts = frozenset(allowed_hosts)
        self._timeout = timeout
        self._lock = threading.Lock()
        self.notices: list[Notice] = []

    def queue_ping(self, transaction_id: str, url: str) -> None:
        """Queue the empty GET that asks whether anyone answers."""
        self._add(transaction_id, "PING", self._clock.now(), url, method="GET", headers=AGENT)

    def queue(
        self, transaction_id: str, label: str, url: str, message: Posted, *, delay: float = 0
    ) -> Notice:
        """Queue a notification, due `delay` seconds from now."""
        return self._add(
            transaction_id,
            label,
            self._clock.now() + delay,
            url,
            body=message.body,
            headers={**AGENT, **message.headers},
        )

    def queue_copy(self, transaction_id: str) -> Notice:
        """Queue the first notification of a payment again, byte for byte.

        :raises KeyError: none was ever queued.
        """
        with self._lock:
            sent = [n for n in self.notices if n.transaction_id == transaction_id]
        for notice in sent:
            if notice.method == "POST":
                parts = {"body": notice.body, "headers": notice.headers}
                now = self._clock.now()
                return self._add(transaction_id, notice.label, now, notice.url, **parts)
        raise KeyError("replay_old")

    def _add(self, transaction_id: str, label: str, due_at: float, url: str, **parts) -> Notice:
        with self._lock:
            number = len(self.notices) + 1
            notice = Notice(number, transaction_id, label, due_at, url, **parts)
            self.notices.append(notice)
        return notice

    def next_due(self) -> float | None:
        """Return the moment of the next notice, or None."""
        return min((notice.due_at for notice in self._waiting()), default=None)

    def deliver_due(self) -> list[Notice]:
        """Send what is due by now, earliest first."""
        now = self._clock.now()
        return self.deliver(notice for notice in self._waiting() if notice.due_at <= now)

    def deliver_all(self) -> list[Notice]:
        """Send everything that waits, once, without minding the time."""
        return self.deliver(self._waiting())

    def deliver(self, notices: Iterable[Notice]) -> list[Notice]:
        """Send some notices, each by one sender only, and return those sent here."""
        sent = []
        for notice in sorted(notices, key=lambda notice: (notice.due_at, notice.number)):
            if self._claim(notice):
                self._send(notice)
                sent.append(notice)
        return sent

    def clear(self) -> None:
        """Forget every notice."""
        with self._lock:
            self.notices = []

    def is_allowed(self, url: str) -> bool:
        """Tell whether a notification may go there: this machine, or a host named at start."""
        host = urlsplit(url).hostname or ""
        if host == "localhost" or host in self._allowed_hosts:
            return True
        try:
            return ip_address(host).is_loopback
        except ValueError:
            return False

    def _waiting(self) -> list[Notice]:
        with self._lock:
            return [n for n in self.notices if not n.is_done and not n.is_claimed]

    def _claim(self, notice: Notice) -> bool:
        with self._lock:
            is_free = not notice.is_done and not notice.is_claimed
            notice.is_claimed = True
            return is_free

    def _send(self, notice: Notice) -> None:
        notice.last_status = self._post(notice)
        notice.attempts += 1
        is_received = isinstance(notice.last_status, int) and 200 <= notice.last_status < 300
        retries = len(RETRY_DELAYS) if notice.method == "POST" else 0
        if is_received or notice.last_status == "blocked" or notice.attempts > retries:
            notice.is_done = True
        else:
            notice.due_at = self._clock.now() + RETRY_DELAYS[notice.attempts - 1]
        notice.is_claimed = False

    def _post(self, notice: Notice) -> int | str:
        if not self.is_allowed(notice.url):
            logger.warning("notification not sent: %s is not in --notify-host", notice.url)
            return "blocked"
        try:
            with requests.Session() as session:
                session.trust_env = False
                response = session.request(
                    notice.method,
                    notice.url,
                    data=notice.body,
                    headers=notice.headers,
                    timeout=self._timeout,
                    allow_redirects=False,
                )
                return response.status_code
        except requests.RequestException as error:
            return type(error).__name__
