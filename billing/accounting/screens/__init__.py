"""The team's screens of the books. Importing this package registers them."""

from billing.accounting.screens import (  # noqa: F401
    acts,
    books,
    entries,
    exports,
    figures,
    ledgers,
    settings,
)
