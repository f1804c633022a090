"""The team's screens of reminding. Importing this package registers them."""

from billing.dunning.admin import (  # noqa: F401
    acts,
    alerts,
    journals,
    ladders,
    sections,
    tonight,
    unpaid,
)
