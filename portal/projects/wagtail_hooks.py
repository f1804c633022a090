"""What projects add elsewhere: the client's pages, the team's screens."""

from django.utils.translation import gettext_lazy as _

from core.audit.log import declare

declare(
    project_opened=_("Projet ouvert"),
    project_changed=_("Projet modifié"),
    task_saved=_("Tâche enregistrée"),
)

from portal.projects import admin_screens, portal_hooks  # noqa: E402, F401  register their parts
