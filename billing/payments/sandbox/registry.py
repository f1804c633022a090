"""Every payment the sandbox knows, by reference and by page."""

from __future__ import annotations

from collections.abc import Iterator

from .storage import Storage
from .transactions import Transaction


class UnknownPayment(Exception):
    """No payment has this token or reference."""


class Registry:
    """The payments in memory, begun with those kept from the last run."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._by_id: dict[str, Transaction] = {}
        self._by_token: dict[str, Transaction] = {}
        for payment in storage.load_all():
            self.add(payment)

    def __iter__(self) -> Iterator[Transaction]:
        return iter(list(self._by_id.values()))

    def __contains__(self, transaction_id: str) -> bool:
        return transaction_id in self._by_id

    def add(self, payment: Transaction) -> None:
        """Know one more payment."""
        self._by_id[payment.transaction_id] = payment
        self._by_token[payment.token] = payment

    def find(self, transaction_id: str) -> Transaction:
        """Return a payment by the merchant's reference.

        :raises UnknownPayment: there is none.
        """
        if transaction_id not in self._by_id:
            raise UnknownPayment(transaction_id)
        return self._by_id[transaction_id]

    def find_page(self, token: str) -> Transaction:
        """Return a payment by the token of its page.

        :raises UnknownPayment: there is none.
        """
        if token not in self._by_token:
            raise UnknownPayment(token)
        return self._by_token[token]

    def clear(self) -> None:
        """Forget every payment, kept or not."""
        self._by_id.clear()
        self._by_token.clear()
        self._storage.clear()
