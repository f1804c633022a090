"""The sandbox in front of which payments are made."""

from tests.billing.payments.conftest import check, deliver, now, payer, start  # noqa: F401
