"""The team's screens of the support."""

from portal.support.screens import (  # noqa: F401  registers them
    bulk,
    canned,
    delays,
    fragments,
    satisfaction,
    sections,
    sla,
    telling,
    tickets,
)
