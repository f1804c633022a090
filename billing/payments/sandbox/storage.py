"""Keep the payments in a SQLite file, so that a restart does not forget their pages."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Protocol

from .transactions import Transaction, read_transaction, write_transaction


class Storage(Protocol):
    """Where payments are kept between two runs."""

    def load_all(self) -> list[Transaction]:
        """Return every payment kept, oldest first."""

    def save(self, payment: Transaction) -> None:
        """Keep a payment as it stands now."""

    def clear(self) -> None:
        """Forget every payment."""


class NoStorage:
    """Keeps nothing: the payments end with the process."""

    def load_all(self) -> list[Transaction]:
        return []

    def save(self, payment: Transaction) -> None:
        pass

    def clear(self) -> None:
        pass


class FileStorage:
    """Payments in a SQLite file."""

    def __init__(self, path: Path) -> None:
        self._file = sqlite3.connect(path, check_same_thread=False)
        with self._file:
            self._file.execute(
                "CREATE TABLE IF NOT EXISTS payment (id TEXT PRIMARY KEY, body TEXT NOT NULL)"
            )

    def load_all(self) -> list[Transaction]:
        rows = self._file.execute("SELECT body FROM payment ORDER BY rowid")
        return [read_transaction(body) for (body,) in rows]

    def save(self, payment: Transaction) -> None:
        with self._file:
            self._file.execute(
                "INSERT INTO payment VALUES (?, ?)"
                " ON CONFLICT (id) DO UPDATE SET body = excluded.body",
                (payment.transaction_id, write_transaction(payment)),
            )

    def clear(self) -> None:
        with self._file:
            self._file.execute("DELETE FROM payment")

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()
