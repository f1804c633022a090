"""The history of a client: what every module knows of it, put in one order."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from core.hooks.gathering import gather
from core.hooks.team import TimelineEntry
from core.search import ACCENTED, PLAIN, folded

WHOLE = 500  # events of a module at most, where no window is given
OTHER = "other"
LETTERS = str.maketrans(ACCENTED, PLAIN)


@dataclass(frozen=True)
class TimelineKind:
    """A kind of events, which people may ask for alone. `icon` is one of the back-office."""

    key: str
    label: Any
    icon: str


@dataclass(frozen=True)
class TimelineWindow:
    """What is looked for: at most `limit` events of `before` and earlier, newest first.

    `kind` is the key of one kind, or empty; `text` is what their words must hold, or empty.
    """

    limit: int = WHOLE
    before: datetime | None = None
    kind: str = ""
    text: str = ""

    def newest(self, rows: QuerySet, moment: str, *, words: Iterable[str] = ()) -> QuerySet:
        """Return the rows of the window: `moment` is their date, `words` the fields searched."""
        if self.before is not None:
            rows = rows.filter(**{f"{moment}__lte": self.before})
        if self.text:
            found = Q()
            for index, field in enumerate(words):
                rows = rows.alias(**{f"word_{index}": folded(field)})
                found |= Q(**{f"word_{index}__contains": _fold(self.text)})
            rows = rows.filter(found) if found else rows.none()
        return rows.order_by(f"-{moment}", "-pk")[: self.limit]


@dataclass(frozen=True)
class TimelineSource:
    """The events of a module at a client. `rows` answers a window, newest first, from an index
    and in a fixed number of queries; each entry bears the `kind` it is of. `permission` is the
    right that opens them, such as "crm.view_interaction"."""

    kinds: Sequence[TimelineKind]
    rows: Callable[[TimelineWindow], Sequence[TimelineEntry]]
    permission: str = ""

    def has(self, kind: str) -> bool:
        """Tell whether a kind is one of this source."""
        return any(one.key == kind for one in self.kinds)


def timeline_sources(client: Any, user: Any = None) -> list[TimelineSource]:
    """Return where the history of a client comes from, of what a person may read."""
    found: list[TimelineSource] = []
    loose: list[TimelineEntry] = []
    for one in gather("nourx_client_timeline", client):
        (found if isinstance(one, TimelineSource) else loose).append(one)
    if loose:
        found.append(_of_entries(loose))
    return [
        source
        for source in found
        if user is None or not source.permission or user.has_perm(source.permission)
    ]


def client_timeline(
    client: Any, window: TimelineWindow | None = None, *, user: Any = None
) -> list[TimelineEntry]:
    """`nourx_client_timeline(client)` → the history of a client, for the team."""
    wanted = window or TimelineWindow()
    sources = timeline_sources(client, user)
    return merge(sources, wanted)


def merge(sources: Sequence[TimelineSource], window: TimelineWindow) -> list[TimelineEntry]:
    """Put the events of several sources in one order, newest first, as many as the window takes.

    Those of the same moment stay in the order of their sources: asking for more only adds.
    """
    asked = [one for one in sources if not window.kind or one.has(window.kind)]
    entries = [entry for source in asked for entry in source.rows(window)]
    entries.sort(key=lambda entry: entry.at, reverse=True)
    return entries[: window.limit]


def _fold(text: str) -> str:
    """Return a text without accents or capitals, as `core.search.folded` makes columns."""
    return text.translate(LETTERS).lower()


def _of_entries(entries: list[TimelineEntry]) -> TimelineSource:
    """Return a source of entries that a module gave as they are."""
    entries.sort(key=lambda entry: entry.at, reverse=True)

    def rows(window: TimelineWindow) -> list[TimelineEntry]:
        text = _fold(window.text)
        kept = [
            replace(entry, kind=OTHER)
            for entry in entries
            if (window.before is None or entry.at <= window.before)
            and text in _fold(f"{entry.text} {entry.detail}")
        ]
        return kept[: window.limit]

    return TimelineSource(kinds=(TimelineKind(OTHER, _("Autres"), "dots-horizontal"),), rows=rows)
