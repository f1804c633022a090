"""The team's screens of the treasury. Importing this package registers them."""

from billing.treasury.screens import lines, overview, proof, settlements  # noqa: F401
