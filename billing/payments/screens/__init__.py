"""The team's screens of payments. Importing this package registers them."""

from billing.payments.screens import (  # noqa: F401
    anomalies,
    attempts,
    credit,
    figures,
    notifications,
    payments,
    statement,
)
