"""How a model reaches its client, and `visible_to(user)`: what a person sees of it."""

from dataclasses import dataclass
from typing import Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Q

from core.access.grants import Grants, grants_of


@dataclass(frozen=True)
class Scope:
    """How rows of a model are opened to people at a client.

    `client` is the field path to the client's id column, `grant` the grant that opens it;
    `project` is the path to a project when members limited to some projects see it too;
    `only` keeps rows to those that clients may see at all (drafts and internal rows stay ours).
    """

    client: str = "client_id"
    grant: str = ""
    project: str = ""
    only: Q | None = None

    def condition(self, grants: Grants) -> Q:
        """Return the filter for the rows that the grants open."""
        opened = Q(**{f"{self.client}__in": sorted(grants.clients_with(self.grant))})
        if self.project and grants.projects:
            opened |= Q(**{f"{self.project}__in": sorted(grants.projects)})
        return opened & self.only if self.only is not None else opened


class ScopedQuerySet(models.QuerySet):
    """A queryset of rows that belong to clients."""

    def visible_to(self, user: Any) -> Self:
        """Keep what the person may see as somebody of a client.

        The team has no client's view: even a superuser sees here only what memberships open.
        """
        scope: Scope = self.model.scope  # type: ignore[attr-defined]
        return self.filter(scope.condition(grants_of(user)))


class ClientOwned(models.Model):
    """A row that belongs to a client. Its table must be under row-level security."""

    client = models.ForeignKey("accounts.Client", on_delete=models.PROTECT, verbose_name="client")

    class Meta:
        abstract = True


def scoped_models() -> list[type[models.Model]]:
    """Return every installed model that says how it reaches its client."""
    return [
        model for model in apps.get_models() if isinstance(getattr(model, "scope", None), Scope)
    ]
