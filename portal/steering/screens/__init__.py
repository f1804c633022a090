"""The team's screens of steering; imported, they take their place in the menu."""

from portal.steering.screens import acts, board, project, records, reporting, reports  # noqa: F401
