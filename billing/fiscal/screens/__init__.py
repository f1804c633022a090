"""The back-office screens of certification; importing them registers them."""

from billing.fiscal.screens import certifications, figures, settings  # noqa: F401
