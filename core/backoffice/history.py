"""The history of a client on its page: one order, by kind, searched, a page at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from core.backoffice.pages import TAB
from core.hooks import Section, TimelineEntry, TimelineKind, TimelineWindow, timeline_sources
from core.hooks.timeline import merge
from core.ui.formats import date_long

KEY = "historique"
PER_PAGE = 30
MOST_SKIPPED = 500
KIND, WORDS, BEFORE = "nature", "mots", "avant"


@dataclass(frozen=True)
class Cursor:
    """Where a page of the history begins: a moment, and how many events of it came before."""

    at: datetime | None = None
    skipped: int = 0

    @classmethod
    def read(cls, text: str) -> Cursor:
        """Return the cursor of an address; the newest events when it is none."""
        moment, _mark, count = text.partition("~")
        try:
            at = parse_datetime(moment.replace(" ", "+"))
        except ValueError:
            return cls()
        if at is None or timezone.is_naive(at) or not count.isdecimal() or len(count) > 3:
            return cls()
        return cls(at, min(int(count), MOST_SKIPPED))

    def __str__(self) -> str:
        return f"{self.at.isoformat()}~{self.skipped}" if self.at else ""


@dataclass(frozen=True)
class HistoryPage:
    """A page of events, newest first, and the cursor of the next one, None at the end."""

    entries: Sequence[TimelineEntry]
    following: Cursor | None


def read_page(sources: Any, *, cursor: Cursor, kind: str, text: str) -> HistoryPage:
    """Read one page of a history. Each source is asked once, for no more than the page needs."""
    window = TimelineWindow(
        limit=PER_PAGE + cursor.skipped + 1, before=cursor.at, kind=kind, text=text
    )
    found = merge(sources, window)[cursor.skipped :]
    shown = found[:PER_PAGE]
    if len(found) <= PER_PAGE:
        return HistoryPage(shown, None)
    last = shown[-1].at
    same = sum(1 for entry in shown if entry.at == last)
    before = cursor.skipped if last == cursor.at else 0
    return HistoryPage(shown, Cursor(last, before + same))


def history_section(client: Any, request: HttpRequest) -> Section:
    """Return the tab « Historique » of a client, as the address asks for it."""
    return Section(
        title=_("Historique"),
        template="core/backoffice/history.html",
        context=lambda: _context(client, request),
        order=50,
        tab=KEY,
    )


def _context(client: Any, request: HttpRequest) -> dict[str, Any]:
    sources = timeline_sources(client, request.user)
    kinds = [kind for source in sources for kind in source.kinds]
    asked = request.GET.get(KIND, "")
    kind = asked if asked in {one.key for one in kinds} else ""
    text = " ".join(request.GET.get(WORDS, "").replace("\x00", "").split())[:100]
    cursor = Cursor.read(request.GET.get(BEFORE, ""))
    page = read_page(sources, cursor=cursor, kind=kind, text=text)
    return {
        "chips": list(_chips(kinds, kind, text)),
        "days": list(_days(page.entries, {one.key: one for one in kinds})),
        "kind": kind,
        "text": text,
        "tab": TAB,
        "key": KEY,
        "newest_url": _address(kind, text) if cursor.at else "",
        "older_url": _address(kind, text, page.following) if page.following else "",
    }


def _chips(kinds: Sequence[TimelineKind], chosen: str, text: str) -> Iterator[dict[str, Any]]:
    yield {"label": _("Tout"), "url": _address("", text), "is_chosen": not chosen, "icon": ""}
    for kind in kinds:
        url = _address(kind.key, text)
        yield {
            "label": kind.label,
            "url": url,
            "is_chosen": kind.key == chosen,
            "icon": kind.icon,
        }


def _days(
    entries: Sequence[TimelineEntry], kinds: dict[str, TimelineKind]
) -> Iterator[dict[str, Any]]:
    """Put events under their days, with the moment and the kind of each."""
    for day, group in groupby(entries, key=lambda entry: timezone.localtime(entry.at).date()):
        rows = [
            {
                "entry": entry,
                "time": timezone.localtime(entry.at),
                "icon": kinds[entry.kind].icon if entry.kind in kinds else "dots-horizontal",
                "kind": kinds[entry.kind].label if entry.kind in kinds else "",
            }
            for entry in group
        ]
        yield {"day": date_long(day), "rows": rows}


def _address(kind: str, text: str, cursor: Cursor | None = None) -> str:
    asked = {TAB: KEY, KIND: kind, WORDS: text, BEFORE: str(cursor or "")}
    return f"?{urlencode({name: value for name, value in asked.items() if value})}"
