"""What projects add elsewhere: the client's pages, the team's screens."""

from portal.projects import portal_hooks  # noqa: F401  registers its hooks
