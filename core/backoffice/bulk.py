"""Acts on several rows at once: what was filtered, nothing else, each row asked and logged.

class TagMany(RecordBulkChange):
    models = [Client]
    permission = "change"
    action_type = "etiqueter"
    display_name = _("Étiqueter")
    aria_label = _("Étiqueter les clients choisis")
    form_class = TagForm
    refusals = (ClientIsClosed,)
    undo_kind = "client_tags"             # declared with core.desk.undo.declare_undo

    def change(self, record, actor, **values):
        services.tag_client(client=record, actor=actor, **values)
"""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import ProtectedError
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import classproperty
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.actions import action_registry
from wagtail.snippets.bulk_actions.delete import DeleteBulkAction
from wagtail.snippets.bulk_actions.snippet_bulk_action import SnippetBulkAction

from core.access.row_guard import policy_of
from core.backoffice.listings import as_same_person
from core.backoffice.undo import offer
from core.desk.undo import Change, kind_of, remember

MOST_CHOSEN = 1000
MOST_NAMED = 20  # rows named on the page that asks
MANY = 50  # beyond, a box is to be ticked
MOST_TOLD = 5  # refusals named in the message


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


class RecordBulkChange(RecordBulkAction):
    """One service call per chosen row: counted before, told after, taken back when it can be.

    A subclass adds `form_class`, `refusals` (errors by which the service says no to a row) and
    `change`. With `undo_kind`, what changed is kept ten minutes behind an « Annuler ».
    """

    template_name = "core/backoffice/bulk_change.html"
    permission = "change"
    refusals: tuple[type[Exception], ...] = ()
    undo_kind = ""
    question: Any = ""
    is_serious = False

    def change(self, record: Any, actor: Any, **values: Any) -> None:
        """Change one row, by one service call, with the values of the form."""
        raise NotImplementedError

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        total = len(context["items"])
        is_all = "all" in self.request.GET.getlist("id")
        return context | {
            "action": self,
            "total": total,
            "first_rows": [each["item"] for each in context["items"][:MOST_NAMED]],
            "hidden": max(0, total - MOST_NAMED),
            "is_large": total > MANY,
            "is_cut": is_all and total + len(context["items_with_no_access"]) >= MOST_CHOSEN,
            "cut_at": MOST_CHOSEN,
        }

    def form_valid(self, form: Any) -> Any:
        chosen = self.get_actionable_objects()[0]
        if len(chosen) > MANY and "sur" not in self.request.POST:
            form.add_error(None, _("Cochez que vous voulez bien changer toutes ces lignes."))
            return self.form_invalid(form)
        return super().form_valid(form)

    def prepare_action(self, objects: list[Any], without: list[Any]) -> HttpResponseBase:
        values = self.cleaned_form.cleaned_data if self.cleaned_form else {}
        done, refused = self._change_all(objects, values)
        self._tell(done, refused)
        return redirect(self.next_url)

    def _change_all(
        self, objects: list[Any], values: dict[str, Any]
    ) -> tuple[list[Change], list[str]]:
        undo = kind_of(self.undo_kind) if self.undo_kind else None
        done, refused = [], []
        for row in objects:
            before = undo.read(row) if undo else None
            try:
                with transaction.atomic():
                    self.change(row, self.request.user, **values)
            except self.refusals as error:
                refused.append(f"{row} ({getattr(error, 'message', '') or _('refusé')})")
                continue
            done.append(Change(row.pk, before, undo.read(_again(row)) if undo else None))
        return done, refused

    def _tell(self, done: list[Change], refused: list[str]) -> None:
        if done:
            label = ngettext("%(act)s : %(n)s ligne", "%(act)s : %(n)s lignes", len(done))
            text = label % {"act": self.display_name, "n": len(done)}
            kept = None
            if self.undo_kind:
                kept = remember(
                    self.undo_kind,
                    actor=self.request.user,
                    label=text,
                    rows=done,
                    at=timezone.now(),
                )
            offer(self.request, f"{text}.", kept, back=self.next_url)
        if refused:
            named = " ; ".join(refused[:MOST_TOLD]) + (" …" if len(refused) > MOST_TOLD else "")
            count = ngettext("%(n)s refusée :", "%(n)s refusées :", len(refused))
            messages.error(self.request, f"{count % {'n': len(refused)}} {named}")


def _again(row: Any) -> Any:
    """Return a row as the database has it, whatever the service did with its own copy."""
    return type(row)._default_manager.get(pk=row.pk)


def listed_keys(request: HttpRequest, model: Any) -> list[Any]:
    """Return the keys that a listing shows for the filters and search of a request.

    At most 1000: beyond, a person cannot know what is in the selection.
    """
    viewset = model.snippet_viewset
    view = viewset.index_view.view_class(**viewset.index_view.view_initkwargs)
    kept = request.GET.copy()
    for name in ("id", "next", "childOf", "p", "export"):
        kept.pop(name, None)
    asked = as_same_person(request, kept)
    view.setup(asked)
    rows = view.get_queryset()  # the guard of the listing narrows it
    return list(rows.values_list("pk", flat=True)[:MOST_CHOSEN])


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
