"""Boards: rows as cards in columns, moved with the mouse, the keyboard or a menu.

    class ProjectBoard(Board):
        model = Project
        page_title = _("Projets en colonnes")
        header_icon = "folder-open-inverse"
        refusals = (services.CannotMove,)

        def lanes(self):
            return [
                Lane(key, label, cards=[self.card(row) for row in rows[:MOST_CARDS]], total=total)
                …
            ]

        def move(self, record, to, seen, actor):
            services.move_project(project=record, status=to, seen=seen, actor=actor)

    menu.add_page("projets", ProjectBoard, slug="projets/kanban", name="projects_board", order=5)

A move posts `card`, `to`, `seen` (what the card said of its version) and `after` (the card above,
or nothing). `move` calls one service and lets its refusals out: the board comes back as it is now,
with their message. `seen` lets the service refuse a card that somebody else moved meanwhile.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from core.access.row_guard import policy_of, row_allows

MOST_CARDS = 50  # of a column: its list shows the rest
LONGEST_TEXT = 300


@dataclass(frozen=True)
class Card:
    """A row on a board. `seen` is its version; `lines` are texts or safe HTML under its title."""

    pk: int
    title: Any
    url: str
    lines: Sequence[Any] = ()
    tone: str = ""
    mark: Any = ""  # a word that says the tone: « En retard »
    seen: Any = ""
    may_move: bool = True


@dataclass(frozen=True)
class Lane:
    """A column. `limit` is how many cards the team wants in it at most; `url` lists all of it."""

    key: str
    label: Any
    cards: Sequence[Card] = ()
    total: int = 0
    limit: int | None = None
    url: str = ""
    hint: Any = ""  # such as the sum of its amounts
    tone: str = ""  # now, ok, warn or bad

    @property
    def is_over(self) -> bool:
        """Tell whether it holds more than the team wants."""
        return self.limit is not None and self.total > self.limit

    @property
    def hidden(self) -> int:
        """Return how many rows are not drawn."""
        return max(self.total - len(self.cards), 0)


class Board(WagtailAdminTemplateMixin, TemplateView):
    """A page of columns. For whoever views the model; each card asks again before it moves."""

    model: type[Model]
    permission = "view"
    move_permission = "change"
    template_name = "core/backoffice/board.html"
    board_template_name = "core/backoffice/board_lanes.html"
    refusals: tuple[type[Exception], ...] = ()
    empty: Any = ""  # what to do when no column holds a card
    add_url = ""

    def lanes(self) -> Sequence[Lane]:
        """Return the columns, their cards already limited to `MOST_CARDS`."""
        raise NotImplementedError

    def move(self, record: Any, *, to: str, seen: str, after: int | None, actor: Any) -> None:
        """Put a row in the column `to`, under the card `after`: one service call."""
        raise NotImplementedError

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not policy_of(self.model).user_has_permission(request.user, self.permission):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        record = self._record(request.POST.get("card", ""))
        policy = policy_of(self.model)
        if not policy.user_has_permission_for_instance(request.user, self.move_permission, record):
            raise PermissionDenied
        refusal = self._moved(record)
        if not request.headers.get("X-Requested-With"):
            if refusal:
                messages.error(request, refusal)
            return redirect(request.get_full_path())
        status = 409 if refusal else 200
        context = {**self.get_context_data(), "refusal": refusal}
        return TemplateResponse(request, self.board_template_name, context, status=status)

    def _record(self, key: str) -> Any:
        if not key.isdecimal() or len(key) > 18:
            raise Http404
        record = self.model._default_manager.filter(pk=key).first()
        if record is None or not row_allows(self.request.user, self.permission, record):
            raise Http404
        return record

    def _moved(self, record: Any) -> str:
        """Move a row; return why not, when it was refused."""
        post = self.request.POST
        after = post.get("after", "")
        try:
            self.move(
                record,
                to=post.get("to", "")[:LONGEST_TEXT],
                seen=post.get("seen", "")[:LONGEST_TEXT],
                after=int(after) if after.isdecimal() and len(after) < 18 else None,
                actor=self.request.user,
            )
        except ValidationError as error:
            return " ".join(error.messages)
        except self.refusals as error:
            text = str(getattr(error, "message", "") or error)
            return text or _("La carte n’a pas bougé : elle a changé entre-temps.")
        return ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        lanes = list(self.lanes())
        return super().get_context_data(
            lanes=lanes,
            is_empty=not any(lane.total for lane in lanes),
            empty=self.empty,
            add_url=self.add_url,
            **kwargs,
        )
