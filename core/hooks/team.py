"""Where modules plug into the back-office."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest

from core.counting import count_those
from core.hooks.gathering import gather


@dataclass(frozen=True)
class TimelineEntry:
    """Something that happened at a client, for the activity list and the history page.

    In the history, `kind` is the key of its kind, `body` what was written, `author` who did it.
    """

    at: datetime
    text: Any
    detail: Any = ""
    url: str = ""
    kind: str = ""
    body: str = ""
    author: Any = ""


@dataclass(frozen=True)
class TeamFigure:
    """A figure or an alert of the team's home page, leading to the rows behind it.

    A value may be given as rows: those of all figures are counted in one query, and a figure
    without rows is left out, unless it is `kept`.
    """

    label: Any
    value: Any
    url: str
    order: int
    tone: str = ""
    hint: Any = ""
    group: str = ""  # a key of the groups of the menu: their figures stand together
    kept: bool = False  # shown at zero too


@dataclass(frozen=True)
class Alert:
    """Something of today that the team must look at, until it is resolved, snoozed or made a task.

    `key` names the fact and stays the same while it lasts, such as "task-late:42": snoozing keeps
    it. `group` is a key of the menu's groups; `weight` orders alerts, 100 the most pressing.
    `since` is the day it is about. A task made of it goes to `project_id`, when there is one.
    """

    key: str
    group: str
    title: Any
    detail: Any
    url: str
    weight: int = 50
    tone: str = "warn"
    since: date | None = None
    client_id: int | None = None
    project_id: int | None = None


@dataclass(frozen=True)
class Alerts:
    """Alerts of one kind: the most pressing ones, how many there are, and where all of them are.

    `rows` is a function given how many to return at most, called in the scope of the team.
    `total` may be given as rows: those of all kinds are counted in one query.
    """

    kind: str
    label: Any
    url: str
    rows: Callable[[int], Sequence[Alert]]
    total: Any = 0
    order: int = 50


@dataclass(frozen=True)
class SearchHit:
    """A row found by the search of the back-office."""

    title: Any
    detail: Any
    url: str


@dataclass(frozen=True)
class SearchSource:
    """A kind of rows that the search of the back-office looks into.

    `find(text, most)` returns the best hits, of rows that the person may read, from an index and
    in one query. `url` is the list that shows all of them, given `?q=`.
    """

    key: str
    label: Any
    icon: str
    find: Callable[[str, int], Sequence[SearchHit]]
    url: str = ""
    order: int = 50


@dataclass(frozen=True)
class RowMark:
    """A badge that a module above puts on the rows of a list or the cards of a board.

    `expression` is read with the rows, as the attribute `name`; `badge(value)` returns what it
    says as (word, tone, glyph) or None, `label` heads its column.
    """

    name: str
    label: Any
    expression: Any
    badge: Callable[[Any], tuple[Any, str, str] | None]


@dataclass(frozen=True)
class CalendarEntry:
    """Something on a day of the team's calendar. `seen` is its version, for whoever moves it."""

    on: date
    key: int
    title: Any
    url: str
    detail: Any = ""
    tone: str = ""
    mark: Any = ""  # a word that says the tone: « En retard »
    seen: Any = ""


@dataclass(frozen=True)
class CalendarSource:
    """A kind of dates of the team's calendar, such as tasks: what one person may read.

    `find(first, last, wanted)` returns the entries of some days in one query. `wanted` narrows
    them: `person` to what somebody does or follows, `project` and `client` to theirs; a source
    without such a field ignores it. `move(key, to, seen, actor, at)` puts an entry on another
    day, by one service call whose refusals are ValidationError; None when it stays where it is.
    """

    key: str
    label: Any
    find: Callable[[date, date, "CalendarWish"], Sequence[CalendarEntry]]
    move: Callable[..., Any] | None = None
    order: int = 50


@dataclass(frozen=True)
class CalendarWish:
    """Whose dates are asked for; None asks for everybody's."""

    person_id: int | None = None
    project_id: int | None = None
    client_id: int | None = None


@dataclass(frozen=True)
class Section:
    """A table under the fields of a record in the back-office, such as a client's invoices.

    Each row is a list of cells, texts or safe HTML; `links` are (label, url) pairs beside the
    title; `empty` is what shows without rows. `rows` may be a function: it is called only when
    the section shows, so that a record with tabs reads one tab at a time. `tab` is the key of its
    tab, for records that have some. `template` draws it otherwise, given `section`; `context` is
    what such a template needs, as it is or as a function that returns it.
    """

    title: Any
    headings: Sequence[Any] = ()
    rows: Sequence[Sequence[Any]] | Callable[[], Sequence[Sequence[Any]]] = ()
    empty: Any = ""
    links: Sequence[tuple[Any, str]] = ()
    order: int = 50
    tab: str = ""
    template: str = "core/backoffice/section.html"
    context: Any = None

    def shown(self) -> "Section":
        """Return the section with its rows and context read."""
        rows = self.rows() if callable(self.rows) else self.rows
        context = self.context() if callable(self.context) else self.context
        return replace(self, rows=rows, context=context)


@dataclass(frozen=True)
class HourRate:
    """What an hour is worth from a day on, in minor units; None is any project or any person."""

    amount: int
    currency: str
    project_id: int | None = None
    user_id: int | None = None
    valid_from: date | None = None


@dataclass(frozen=True)
class Billed:
    """What a project was invoiced, less what was credited, before tax, in minor units."""

    project_id: int
    currency: str
    amount: int


def team_addresses(client_id: int) -> list[str]:
    """`nourx_team_addresses(client_id)` → addresses of the team that follow a client."""
    return list(dict.fromkeys(gather("nourx_team_addresses", client_id)))


def team_figures(request: HttpRequest) -> list[TeamFigure]:
    """`nourx_team_figures(request)` → figures of the team's home page."""
    figures = list(gather("nourx_team_figures", request))
    values = count_those([figure.value for figure in figures])
    kept = [replace(one, value=value) for one, value in zip(figures, values, strict=True)]
    shown = [one for one in kept if one.value != 0 or one.kept]
    return sorted(shown, key=lambda figure: figure.order)


def client_problems(client: Any) -> dict[str, Any]:
    """`nourx_client_problems(client)` → (field, text) pairs that keep a client from being saved."""
    return dict(gather("nourx_client_problems", client))


def client_sections(client: Any) -> list[Section]:
    """`nourx_client_sections(client)` → tables of a client's page in the back-office."""
    return sorted(gather("nourx_client_sections", client), key=lambda section: section.order)


def opportunity_sections(opportunity: Any) -> list[Section]:
    """`nourx_opportunity_sections(opportunity)` → tables of an opportunity's page."""
    found = gather("nourx_opportunity_sections", opportunity)
    return sorted(found, key=lambda section: section.order)


def opportunity_marks() -> list[RowMark]:
    """`nourx_opportunity_marks()` → badges of opportunities, on their list and their board."""
    return list(gather("nourx_opportunity_marks"))


def project_sections(project: Any) -> list[Section]:
    """`nourx_project_sections(project)` → tables of a project's page in the back-office."""
    return list(gather("nourx_project_sections", project))


def hour_rates() -> list[HourRate]:
    """`nourx_hour_rates()` → what hours of the team are worth, for the budgets of projects."""
    return list(gather("nourx_hour_rates"))


def billed_of_projects(
    project_ids: Sequence[int], first: date | None = None, last: date | None = None
) -> list[Billed]:
    """`nourx_billed_of_projects(project_ids, first, last)` → what projects were invoiced.

    Between two days, both included; None leaves that end open.
    """
    return list(gather("nourx_billed_of_projects", project_ids, first, last))


def team_alerts(request: HttpRequest) -> list[Alerts]:
    """`nourx_team_alerts(request)` → kinds of alerts of the team's home page, of what one reads."""
    return sorted(gather("nourx_team_alerts", request), key=lambda kind: kind.order)


def alert_task_page(request: HttpRequest) -> str:
    """`nourx_alert_task_page(request)` → where a task is made of an alert; empty: nowhere.

    The page is given `alerte` (its key), `titre`, `projet` and `client` in its address, and calls
    `core.backoffice.alerts.keep_follow_up` once the task is made.
    """
    return next(iter(gather("nourx_alert_task_page", request)), "")


def search_sources(request: HttpRequest) -> list[SearchSource]:
    """`nourx_search_sources(request)` → what the search looks into, of what the person reads."""
    return sorted(gather("nourx_search_sources", request), key=lambda source: source.order)


def calendar_sources(user: Any) -> list[CalendarSource]:
    """`nourx_calendar_sources(user)` → kinds of dates of the calendar, of what the person reads."""
    return sorted(gather("nourx_calendar_sources", user), key=lambda source: source.order)


def admin_bar(request: HttpRequest) -> list[Any]:
    """`nourx_admin_bar(request)` → what stands above every page of the back-office: HTML."""
    return list(gather("nourx_admin_bar", request))


def time_standing(entry_ids: Sequence[int]) -> dict[int, str]:
    """`nourx_time_standing(entry_ids)` → (id, "billed" or "offered") of entries of time."""
    return dict(gather("nourx_time_standing", entry_ids))


def task_sections(task: Any) -> list[Section]:
    """`nourx_task_sections(task)` → tables of a task's page in the back-office."""
    return list(gather("nourx_task_sections", task))
