"""Who follows a project, and who takes part in it: writes, decides, answers."""

from typing import Any

from django.core.exceptions import PermissionDenied

from core.access.grants import grants_of, holders, may
from core.access.roles import Grant
from portal.projects.models import Project


def may_take_part(user: Any, project: Project) -> bool:
    """Tell whether a person of the client writes and decides on a project."""
    grants = grants_of(user)
    follows = (
        project.client_id in grants.clients_with(Grant.VIEW_PROJECTS)
        or project.pk in grants.projects
    )
    return follows and may(user, Grant.TAKE_PART, project.client_id)


def require_part(user: Any, project: Project) -> None:
    """Refuse an act on a project to a person who only reads it, or does not see it.

    :raises PermissionDenied: if the person takes no part in the project.
    """
    if not may_take_part(user, project):
        raise PermissionDenied("this person takes no part in the project")


def followers(project: Project) -> Any:
    """Return the accounts of the client that follow a project, by id."""
    return holders(Grant.VIEW_PROJECTS, project.client_id, project_id=project.pk)


def participants(project: Project) -> Any:
    """Return the accounts of the client that follow a project and take part in it, by id."""
    taking_part = holders(Grant.TAKE_PART, project.client_id)
    return followers(project).filter(pk__in=taking_part.values("pk"))
