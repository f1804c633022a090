"""The tasks of a client, as a board or as a list: the same set, narrowed by the address."""

from datetime import date
from typing import Any

from django.conf import settings
from django.core.paginator import InvalidPage
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.access.paging import LongPage, LongPaginator
from core.access.views import ScopedTemplateView
from portal.projects import task_choice, task_queries
from portal.projects.models import Project, Task
from portal.projects.task_choice import BOARD, LOOK_COOKIE, STATES, Choice
from portal.projects.views import ProjectPageMixin

REGION, MODAL, PANEL = "tasks", "modal", "task"  # ids of what htmx replaces
IN_PAGE = 25
LONGEST_MENU = 200
A_YEAR = 60 * 60 * 24 * 365
REGION_TEMPLATE = "portal/projects/parts/task_region.html"


def aims_at(request: HttpRequest, element: str) -> bool:
    """Tell whether htmx will put the answer in the element of this id."""
    htmx = getattr(request, "htmx", None)
    return bool(htmx) and (htmx.target or "").endswith(f"#{element}")


def vary(response: HttpResponse) -> HttpResponse:
    """Say that the answer depends on what htmx asks for."""
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


class TaskListView(ProjectPageMixin, ScopedTemplateView):
    """The tasks shared with the client. Who does them, and how pressing, is the team’s to say."""

    nav_key = "tasks"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        choice = Choice.read(request.GET, request.COOKIES.get(LOOK_COOKIE, ""))
        response = self._answer(request, choice)
        if "vue" in request.GET:
            response.set_cookie(
                LOOK_COOKIE,
                choice.look,
                max_age=A_YEAR,
                samesite="Lax",
                httponly=True,
                secure=settings.SESSION_COOKIE_SECURE,
            )
        return vary(response)

    def _answer(self, request: HttpRequest, choice: Choice) -> HttpResponse:
        facts = region_of(request, choice)
        if aims_at(request, REGION):
            response = render(request, REGION_TEMPLATE, {**facts, "is_fragment": True})
            if (request.htmx.source or "").startswith("form"):  # type: ignore[attr-defined]
                response["HX-Replace-Url"] = choice.url
            return response
        context = self.get_context_data(**facts, **self._filters(), lead=self._lead())
        return render(request, "portal/projects/task_index.html", context)

    def _filters(self) -> dict[str, Any]:
        projects = self.visible(Project).order_by("title", "id").values_list("pk", "title")
        return {
            "projects": list(projects[:LONGEST_MENU]),
            "states": [(key, status.label) for key, status in task_choice.STATES.items()],
            "priorities": [(key, level.label) for key, level in task_choice.PRIORITIES.items()],
            "people": list(task_choice.PEOPLE.items()),
        }

    def _lead(self) -> str:
        return _lead(task_queries.my_tasks(self.request), timezone.localdate())


def region_of(request: HttpRequest, choice: Choice) -> dict[str, Any]:
    """Return what the board or the list shows."""
    rows = choice.narrow(Task.objects.visible_to(request.user), request.user)
    facts = {
        "choice": choice,
        "today": timezone.localdate(),
        "statuses": _statuses(),
        "reader": request.user.pk,
    }
    if choice.look == BOARD:
        columns = [
            column
            for column in task_queries.board_of(rows, request.user, choice.shown)
            if not choice.state or STATES[choice.state] == column.status
        ]
        return facts | {"columns": columns, "is_empty": not any(row.count for row in columns)}
    page = _page_of(task_queries.listed(rows), choice.page or "1")
    cards = task_queries.cards_of(page.object_list, request.user)
    return facts | {"page": page, "cards": cards, "is_empty": not cards}


def region_response(request: HttpRequest, *, written: int = 0) -> HttpResponse:
    """Answer an act with the board or list of the page it was done on.

    `written` is the id of the task whose card had a message form open, if any.
    """
    facts = region_of(request, Choice.of_page(request))
    return vary(
        render(request, REGION_TEMPLATE, {**facts, "is_fragment": True, "written": written})
    )


def _statuses() -> list[tuple[str, Any, str]]:
    return [(row.value, row.label, task_queries.TASK_GLYPHS[row][0]) for row in Task.Status]


def _page_of(rows: Any, number: str) -> LongPage:
    try:
        return LongPaginator(rows, IN_PAGE).page(number)
    except InvalidPage as error:
        raise Http404 from error


def _lead(mine: list[Task], today: date) -> str:
    """Say how many tasks are the reader's, and how many of them are late."""
    if not mine:
        return _("Aucune tâche ne vous est assignée.")
    if len(mine) == task_queries.MOST_MINE:
        return _("%(count)s tâches ou plus vous sont assignées.") % {"count": len(mine)}
    text = ngettext(
        "%(count)s tâche vous est assignée", "%(count)s tâches vous sont assignées", len(mine)
    ) % {"count": len(mine)}
    late = sum(task.due_date is not None and task.due_date < today for task in mine)
    if late:
        text += _(", dont %(late)s en retard") % {"late": late}
    return f"{text}."
