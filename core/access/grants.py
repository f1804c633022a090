"""What a person may do at which client, read from guardian once and kept with the person."""

from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.db.models import Q
from guardian.utils import get_group_obj_perms_model, get_user_obj_perms_model

from core import rls
from core.access.roles import PROJECT_GRANT, Grant

ANYBODY = -1  # the id of nobody: where the query of grants takes that of the person
KEPT = ("_nourx_grants", "_nourx_space_grants")


@dataclass(frozen=True)
class Grants:
    """The clients that each grant opens, and the projects opened one by one."""

    clients: dict[str, frozenset[int]] = field(default_factory=dict)
    projects: frozenset[int] = frozenset()

    def clients_with(self, grant: str) -> frozenset[int]:
        """Return the ids of the clients at which the person holds the grant."""
        return self.clients.get(grant, frozenset())

    @property
    def all_clients(self) -> frozenset[int]:
        """Return the ids of every client at which the person holds any grant."""
        return frozenset().union(*self.clients.values()) if self.clients else frozenset()

    def within(self, client_id: int, projects: frozenset[int]) -> "Grants":
        """Return what is left of the grants at one client, of which these are the projects."""
        clients = {
            grant: frozenset({client_id}) for grant, ids in self.clients.items() if client_id in ids
        }
        return Grants(clients=clients, projects=self.projects & projects)


NO_GRANTS = Grants()


def root_model() -> Any:
    """Return the model at the root of access, named in the settings."""
    return apps.get_model(settings.ACCESS_ROOT)


def grants_of(user: Any) -> Grants:
    """Return what a person may do at which client; in a space, at its client and no other."""
    space = space_of(user)
    if space is None:
        return every_grant_of(user)
    if not hasattr(user, "_nourx_space_grants"):
        whole = every_grant_of(user)
        user._nourx_space_grants = whole.within(space, _projects_at(space, whole))
    return user._nourx_space_grants


def space_of(user: Any) -> int | None:
    """Return the client in whose space somebody of several clients works, within a request."""
    wanted = getattr(user, "_nourx_wanted_spaces", None)
    if wanted is None:
        return None
    spaces = spaces_of(user)
    return next((pk for pk in wanted if pk in spaces), min(spaces)) if len(spaces) > 1 else None


def every_grant_of(user: Any) -> Grants:
    """Return what a person may do at all their clients. Read once per user object."""
    if not user.is_authenticated or not user.is_active:
        return NO_GRANTS
    if not hasattr(user, "_nourx_grants"):  # not __dict__: request.user is a lazy wrapper
        user._nourx_grants = _read_grants(user)
    return user._nourx_grants


def spaces_of(user: Any) -> frozenset[int]:
    """Return the ids of the clients whose space a person may enter."""
    return every_grant_of(user).clients_with(Grant.ENTER)


def enter_space(user: Any, *wanted: int | None) -> None:
    """Narrow what a person may do to the first of these clients that is theirs, from now on."""
    user._nourx_wanted_spaces = wanted
    if hasattr(user, "_nourx_space_grants"):
        del user._nourx_space_grants


def forget_grants(user: Any) -> None:
    """Have what a person may do read again: it has just changed."""
    for name in KEPT:
        if hasattr(user, name):
            delattr(user, name)


def _projects_at(client_id: int, whole: Grants) -> frozenset[int]:
    """Return those of the projects opened one by one that are this client's."""
    if not whole.projects:
        return frozenset()
    project: Any = apps.get_model(settings.ACCESS_BRANCH)
    rows = project.objects.filter(pk__in=whole.projects, client_id=client_id)
    with rls.clients(client_id):
        return frozenset(rows.values_list("pk", flat=True))


def _read_grants(user: Any) -> Grants:
    """Read the grants on clients and on projects, in one query."""
    sql, parameters = _query_of_grants()
    found: dict[str, set[int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(sql, [user.pk if value == ANYBODY else value for value in parameters])
        for codename, object_id in cursor.fetchall():
            found.setdefault(codename, set()).add(object_id)
    projects = found.pop(PROJECT_GRANT, set())
    clients = {codename: frozenset(ids) for codename, ids in found.items()}
    return Grants(clients=clients, projects=frozenset(projects))


@cache
def _query_of_grants() -> tuple[str, tuple[Any, ...]]:
    """Return the query of somebody's grants; every page asks it, so it is compiled but once."""
    names = ("permission__codename", "content_object_id")
    project: Any = apps.get_model(settings.ACCESS_BRANCH)
    group_table: Any = get_group_obj_perms_model(root_model())
    user_table: Any = get_user_obj_perms_model(project)
    on_clients = group_table.objects.filter(group__user=ANYBODY)
    on_projects = user_table.objects.filter(user=ANYBODY, permission__codename=PROJECT_GRANT)
    rows = on_clients.values_list(*names).union(on_projects.values_list(*names))
    return rows.query.sql_with_params()


def may(user: Any, grant: str, client_id: int) -> bool:
    """Tell whether a person holds a grant at a client."""
    return client_id in grants_of(user).clients_with(grant)


def require(user: Any, grant: str, client_id: int) -> None:
    """Refuse an act at a client to a person who does not hold its grant.

    :raises PermissionDenied: if the grant is missing.
    """
    if not may(user, grant, client_id):
        raise PermissionDenied(f"{grant} is not granted")


def holders(grant: str, client_id: int, *, project_id: int | None = None) -> Any:
    """Return the active accounts that hold a grant at a client, by id.

    With a project: also those to whom this project was opened, whatever the grant.
    """
    group_table: Any = get_group_obj_perms_model(root_model())
    at_client = group_table.objects.filter(
        content_object_id=client_id, permission__codename=grant
    ).values("group__user")
    people = Q(pk__in=at_client)
    if project_id is not None:
        project: Any = apps.get_model(settings.ACCESS_BRANCH)
        user_table: Any = get_user_obj_perms_model(project)
        people |= Q(
            pk__in=user_table.objects.filter(
                content_object_id=project_id, permission__codename=PROJECT_GRANT
            ).values("user")
        )
    return get_user_model().objects.filter(people, is_active=True).order_by("pk")
