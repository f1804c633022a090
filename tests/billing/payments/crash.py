"""A database connection that dies before the n-th statement, as under kill -9."""

from contextlib import contextmanager

from django.db import OperationalError, connection


class Fuse:
    """Counts statements and breaks the connection before one of them."""

    def __init__(self, statement):
        self.left = statement
        self.has_blown = False

    def __call__(self, execute, sql, params, many, context):
        if self.left == 0:
            self.has_blown = True
            connection.connection.close()
            raise OperationalError("the connection died")
        self.left -= 1
        return execute(sql, params, many, context)


@contextmanager
def dying_at(statement):
    """Run the block until its n-th statement, then let everything it had not committed go."""
    fuse = Fuse(statement)
    try:
        with connection.execute_wrapper(fuse):
            yield fuse
    except OperationalError:
        if not fuse.has_blown:
            raise
    finally:
        if fuse.has_blown:
            connection.close()
