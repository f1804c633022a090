"""The team's screens of payments. Importing this package registers them."""

from billing.payments.screens import (  # noqa: F401
    accounts,
    alerts,
    anomalies,
    attempts,
    credit,
    declarations,
    figures,
    invoice_filters,
    money_back,
    notifications,
    payments,
    proofs,
    recording,
    statement,
)
