"""Acts on several rows at once: what was filtered, nothing else, each row asked and logged."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import ProtectedError
from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.utils.functional import classproperty
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.actions import action_registry
from wagtail.snippets.bulk_actions.delete import DeleteBulkAction
from wagtail.snippets.bulk_actions.snippet_bulk_action import SnippetBulkAction

from core.access.row_guard import policy_of

MOST_CHOSEN = 1000


class RecordBulkAction(SnippetBulkAction):
    """An act on chosen rows. « All » means all that the listing shows, filters and search kept.

    A subclass says `models`, `permission`, `action_type`, `display_name`, `aria_label`,
    `template_name`, and `execute_action`, which makes one service call per row. It is registered
    with hooks.register("register_bulk_action", TheClass), and its viewset sets
    `has_bulk_actions = True` to show the boxes.
    """

    permission = "act"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not policy_of(self.model).user_has_permission(request.user, self.permission):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def check_perm(self, obj: Any) -> bool:
        return policy_of(self.model).user_has_permission_for_instance(
            self.request.user, self.permission, obj
        )

    def get_all_objects_in_listing_query(self, parent_id: Any) -> list[Any]:
        return listed_keys(self.request, self.model)


def listed_keys(request: HttpRequest, model: Any) -> list[Any]:
    """Return the keys that a listing shows for the filters and search of a request.

    At most 1000: beyond, a person cannot know what is in the selection.
    """
    viewset = model.snippet_viewset
    view = viewset.index_view.view_class(**viewset.index_view.view_initkwargs)
    kept = request.GET.copy()
    for name in ("id", "next", "childOf", "p", "export"):
        kept.pop(name, None)
    asked = _same_person(request, kept)
    view.setup(asked)
    rows = view.get_queryset()  # the guard of the listing narrows it
    return list(rows.values_list("pk", flat=True)[:MOST_CHOSEN])


def _same_person(request: HttpRequest, query: QueryDict) -> HttpRequest:
    asked = HttpRequest()
    asked.user, asked.method = request.user, "GET"
    asked.GET = query  # type: ignore[assignment]  # a copy of the request's own
    asked.path, asked.META, asked.session = request.path, request.META, request.session
    return asked


class RecordBulkDelete(RecordBulkAction, DeleteBulkAction):
    """Replaces Wagtail's deletion of several snippets, which logs nothing and ignores filters."""

    permission = "delete"
    aria_label = gettext_lazy("Supprimer les lignes choisies")

    @classproperty
    def models(cls) -> list[Any]:
        return DeleteBulkAction.models

    def check_perm(self, obj: Any) -> bool:
        is_enabled = getattr(self.model.snippet_viewset, "bulk_delete_enabled", True)
        return is_enabled and super().check_perm(obj)

    @classmethod
    def execute_action(cls, objects: list[Any], user: Any = None, **kwargs: Any) -> tuple[int, int]:
        """Delete each row through Wagtail's action, which writes it in the log."""
        view, deleted = kwargs["self"], 0
        action_class = action_registry.get_action_class(view.model, "delete")
        for row in objects:
            try:
                with transaction.atomic():
                    action = action_class(row, user=view.request.user)
                    action.execute(skip_permission_checks=True)  # asked above, row by row
                deleted += 1
            except ProtectedError:
                text = _("« %(record)s » est gardé : d’autres fiches y tiennent.")
                messages.error(view.request, text % {"record": row})
        return deleted, 0

    def get_usage_url(self, snippet: Any) -> None:
        return None

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str | None:
        if not num_parent_objects:
            return None
        return super().get_success_message(num_parent_objects, num_child_objects)
