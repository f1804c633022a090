"""Which tasks a person asked to see, read from the address and written back into it."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.search import search_text
from portal.projects.models import Task

BOARD, LIST = "kanban", "liste"
MINE, ALL = "moi", "tous"
LOOK_COOKIE = "nourx-taches"
STATES = {
    "a-faire": Task.Status.TODO,
    "en-cours": Task.Status.DOING,
    "a-valider": Task.Status.REVIEW,
    "terminees": Task.Status.DONE,
}
PRIORITIES = {
    "haute": Task.Priority.HIGH,
    "normale": Task.Priority.NORMAL,
    "basse": Task.Priority.LOW,
}
PEOPLE = {MINE: _("Les miennes"), ALL: _("Toutes")}
FEWEST_LETTERS, MOST_WORDS, LONGEST = 3, 8, 100
IN_COLUMN, MOST_IN_COLUMN = 20, 200


@dataclass(frozen=True)
class Choice:
    """The board or the list, and what narrows it; the same words in the address."""

    look: str = BOARD
    project: int | None = None
    who: str = MINE
    state: str = ""
    priority: str = ""
    words: str = ""
    shown: int = IN_COLUMN
    page: str = ""

    @classmethod
    def read(cls, given: QueryDict, remembered: str = "") -> "Choice":
        """Read a choice from the query of an address; what means nothing is left out.

        Without `qui`, a project shows everybody’s tasks, and the page one’s own.
        """
        project = given.get("projet", "")
        is_number = project.isdecimal() and len(project) < 19
        look = given.get("vue", remembered)
        who = given.get("qui", ALL if is_number else MINE)
        shown = given.get("plus", "")
        return cls(
            look=LIST if look == LIST else BOARD,
            project=int(project) if is_number else None,
            who=ALL if who == ALL else MINE,
            state=_known(given.get("etat", ""), STATES),
            priority=_known(given.get("priorite", ""), PRIORITIES),
            words=given.get("q", "").replace("\0", "")[:LONGEST],
            shown=min(max(int(shown[:9]), IN_COLUMN), MOST_IN_COLUMN)
            if shown.isdecimal()
            else IN_COLUMN,
            page=given.get("page", ""),
        )

    @classmethod
    def of_page(cls, request: HttpRequest) -> "Choice":
        """Read the choice of the page that htmx sent this request from."""
        remembered = request.COOKIES.get(LOOK_COOKIE, "")
        page = getattr(request, "htmx").current_url or ""  # noqa: B009
        return cls.read(QueryDict(page.partition("?")[2].partition("#")[0]), remembered)

    def narrow(self, rows: QuerySet[Task], user: Any) -> QuerySet[Task]:
        """Keep the tasks that were asked for."""
        if self.who == MINE:
            rows = rows.filter(assignee=user)
        if self.project is not None:
            rows = rows.filter(project_id=self.project)
        if self.state:
            rows = rows.filter(status=STATES[self.state])
        if self.priority:
            rows = rows.filter(priority=PRIORITIES[self.priority])
        for word in self.folded:
            rows = rows.filter(search_norm__contains=word)
        return rows

    @cached_property
    def folded(self) -> list[str]:
        """Return the words to look for, without accents; none before the third letter."""
        text = search_text(self.words)
        return text.split()[:MOST_WORDS] if len(text) >= FEWEST_LETTERS else []

    @property
    def is_narrow(self) -> bool:
        """Tell whether more is left out than other people’s tasks."""
        return bool(self.project or self.state or self.priority or self.folded)

    @cached_property
    def GET(self) -> QueryDict:
        return self._query()

    def _query(self, **changes: Any) -> QueryDict:
        facts = {
            "vue": self.look,
            "projet": self.project,
            "qui": self.who,
            "etat": self.state,
            "priorite": self.priority,
            "q": self.words,
            "plus": self.shown if self.shown > IN_COLUMN else "",
        } | changes
        query = QueryDict(mutable=True)
        query.update({name: str(value) for name, value in facts.items() if value})
        return query

    def _url(self, **changes: Any) -> str:
        return f"{reverse('projects:tasks')}?{self._query(**changes).urlencode()}"

    @property
    def url(self) -> str:
        return self._url(page=self.page)

    @property
    def board_url(self) -> str:
        return self._url(vue=BOARD, plus="")

    @property
    def list_url(self) -> str:
        return self._url(vue=LIST, plus="")

    @property
    def more_url(self) -> str:
        return self._url(plus=self.shown + IN_COLUMN)

    @property
    def everybody_url(self) -> str:
        return self._url(qui=ALL)

    @property
    def wide_url(self) -> str:
        """Return the address without filters, other than whose tasks."""
        return self._url(projet="", etat="", priorite="", q="")


def _known(value: str, among: dict[str, Any]) -> str:
    return value if value in among else ""
