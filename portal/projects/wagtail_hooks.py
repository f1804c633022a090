"""What projects and tasks add elsewhere: acts and events, pages of the client, team's screens."""

from portal.projects import (  # noqa: F401  they register their parts
    admin_screens,
    client_card,
    history,
    personal_data,
    portal_hooks,
    rule_facts,
    task_hooks,
)
