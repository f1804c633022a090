"""Makes admin views respect a policy row by row; Wagtail's generic views ask about the model only.

`guarded(view_class)` closes any admin view of a model: lists, exports, choosers, edit, delete,
history, usage, previews, and our own buttons and reports.
"""

from typing import Any

from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from wagtail.permissions import policy_registry

from core.access.policies import READ, TeamPolicy


def policy_of(model: type[Model]) -> Any:
    """Return the policy registered for a model."""
    return policy_registry.get_by_type(model)


def narrowed(user: Any, rows: QuerySet) -> QuerySet:
    """Keep the rows that a member of the team may read; none without any right on the model."""
    policy = policy_of(rows.model)
    if not policy.user_has_any_permission(user, READ):
        return rows.none()
    return policy.narrow(user, rows) if isinstance(policy, TeamPolicy) else rows


def row_allows(user: Any, action: str, record: Model) -> bool:
    """Tell whether a row lets a person act, the rights of the group aside."""
    policy = policy_of(type(record))
    if isinstance(policy, TeamPolicy):
        return policy.allows(user, action, record)
    return policy.user_has_permission_for_instance(user, action, record)


def require_view(user: Any, record: Model) -> None:
    """Refuse a row to a member of the team who may not read it: for what hangs on it, as a file.

    :raises PermissionDenied: if the policy of its model says no.
    """
    if not policy_of(type(record)).user_has_permission_for_instance(user, "view", record):
        raise PermissionDenied


class RowGuard:
    """Goes before an admin view in its bases, and asks the policy about the row itself."""

    request: HttpRequest
    kwargs: dict[str, Any]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not policy_of(self.guarded_model).user_has_any_permission(request.user, READ):
            raise PermissionDenied
        record = self.guarded_record()
        if record is not None:
            self._refuse_unread(record)
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]

    @property
    def guarded_model(self) -> type[Model]:
        """Return the model whose policy holds here."""
        return getattr(self, "model_class", None) or self.model  # type: ignore[attr-defined]

    def guarded_record(self) -> Model | None:
        """Return the row that this address is about, if it is about one."""
        record = getattr(self, "object", None)
        if isinstance(record, Model):
            return record if record.pk else None
        if "pk" not in self.kwargs or not isinstance(policy_of(self.guarded_model), TeamPolicy):
            return None
        if not hasattr(self, "_guarded"):
            self._guarded = self._row(unquote(str(self.kwargs["pk"])))
        return self._guarded

    def _row(self, key: str) -> Model | None:
        try:
            return self.guarded_model._default_manager.filter(pk=key).first()
        except ValueError:  # a word in place of a number
            raise Http404 from None

    def user_has_permission(self, permission: str) -> bool:
        if not super().user_has_permission(permission):  # type: ignore[misc]
            return False
        record = self.guarded_record()
        return record is None or row_allows(self.request.user, permission, record)

    def get_base_queryset(self) -> Any:
        return self._narrowed(super().get_base_queryset())  # type: ignore[misc]

    def get_object_list(self, *args: Any, **kwargs: Any) -> Any:
        return self._narrowed(super().get_object_list(*args, **kwargs))  # type: ignore[misc]

    def get_objects(self, pks: list[Any]) -> Any:
        return self._narrowed(super().get_objects(pks))  # type: ignore[misc]

    def _narrowed(self, rows: Any) -> Any:
        is_ours = isinstance(rows, QuerySet) and rows.model is self.guarded_model
        return narrowed(self.request.user, rows) if is_ours else rows

    def _refuse_unread(self, record: Model) -> None:
        """A row that a person may not read does not exist for them."""
        user = self.request.user
        if not any(row_allows(user, action, record) for action in ("view", "act")):
            raise Http404


def guarded(view_class: type) -> type:
    """Return the view class with the guard in front, once."""
    if issubclass(view_class, RowGuard):
        return view_class
    return type(f"Guarded{view_class.__name__}", (RowGuard, view_class), {})
