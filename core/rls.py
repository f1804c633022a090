"""Row-level security: the second lock, held by PostgreSQL itself.

Running code has a scope: some clients, the whole team's view, or (by default) nobody. Every
transaction is stamped with it before its first query; the policies of each client-owned table
compare rows with the stamp. Forgetting a filter then shows nothing, instead of everything.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from psycopg.pq import TransactionStatus


@dataclass(frozen=True)
class Scope:
    """What the running code may see: rows of `clients`, or all rows when `staff`."""

    clients: tuple[int, ...] = ()
    staff: bool = False


NOBODY = Scope()
_scope: ContextVar[Scope] = ContextVar("nourx_rls_scope", default=NOBODY)


def current() -> Scope:
    """Return the scope of the running code."""
    return _scope.get()


@contextmanager
def entered(scope: Scope) -> Iterator[None]:
    """Run the block in a scope, and come back to the former one."""
    token = _scope.set(scope)
    try:
        yield
    finally:
        _scope.reset(token)


def clients(*client_ids: int):
    """Run the block seeing only the rows of these clients."""
    return entered(Scope(clients=tuple(sorted({int(pk) for pk in client_ids}))))


def staff(reason: str):
    """Run the block seeing every row. Say why: the reason is read in reviews, not stored.

    :raises ValueError: if no reason is given.
    """
    if not reason:
        raise ValueError("A staff scope needs its reason.")
    return entered(Scope(staff=True))


def nobody():
    """Run the block seeing no client-owned row."""
    return entered(NOBODY)


class Stamper:
    """An execute wrapper that stamps each transaction with the scope of the running code.

    libpq says whether a transaction is open, so that an error, a new connection or a commit
    cannot leave a wrong belief. The stamp is local to the transaction: a pooler in transaction
    mode hands the connection on without it.
    """

    def __init__(self, connection: Any):
        self.connection = connection
        self.stamped: Scope | None = None
        self.busy = False

    def __call__(self, execute: Callable, sql: Any, params: Any, many: bool, context: Any) -> Any:
        raw = self.connection.connection
        if self.busy or raw is None:
            return execute(sql, params, many, context)
        wanted, status = _scope.get(), raw.info.transaction_status
        if status == TransactionStatus.IDLE:
            self.stamped = NOBODY  # a new transaction starts with nothing
        if status == TransactionStatus.INERROR or wanted == self.stamped:
            return self._run(execute, sql, params, many, context)
        if self.connection.in_atomic_block or status == TransactionStatus.INTRANS:
            self._send(raw, _stamp(wanted))
            self.stamped = wanted
            return self._run(execute, sql, params, many, context)
        return self._run_alone(raw, wanted, execute, sql, params, many, context)

    def _run_alone(self, raw, wanted, execute, sql, params, many, context):
        """Give an autocommit statement a transaction of its own, to carry the stamp."""
        self._send(raw, "BEGIN; " + _stamp(wanted))
        try:
            result = execute(sql, params, many, context)
        except BaseException:
            self._send(raw, "ROLLBACK")
            raise
        self._send(raw, "COMMIT")
        self.stamped = None
        return result

    def _run(self, execute, sql, params, many, context):
        result = execute(sql, params, many, context)
        if isinstance(sql, str) and sql.startswith("ROLLBACK"):
            self.stamped = None  # the stamp is undone with its savepoint
        return result

    def _send(self, raw, statement: str) -> None:
        self.busy = True
        try:
            with self.connection.wrap_database_errors, raw.cursor() as cursor:
                cursor.execute(statement, prepare=False)
        finally:
            self.busy = False


def _stamp(scope: Scope) -> str:
    ids = "{" + ",".join(str(int(pk)) for pk in scope.clients) + "}"
    role = "nourx_staff" if scope.staff else "none"
    return f"SELECT set_config('role', '{role}', true), set_config('app.client_ids', '{ids}', true)"


def stamp_connection(connection: Any, **_: Any) -> None:
    """Put the stamper on a new database connection, once."""
    if connection.vendor != "postgresql":
        return
    if not any(isinstance(wrapper, Stamper) for wrapper in connection.execute_wrappers):
        connection.execute_wrappers.insert(0, Stamper(connection))


def scoped_iterator(scope: Scope, rows: Iterable) -> Iterator:
    """Go through rows made later, such as a streamed answer, in the scope of now."""
    iterator = iter(rows)
    while True:
        with entered(scope):
            try:
                row = next(iterator)
            except StopIteration:
                return
        yield row
