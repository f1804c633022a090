"""« Moyens de paiement »: accounts, keys and channels, for owners. Importing registers them."""

from billing.payments.method_screens import addresses  # noqa: F401
