"""What the history of a client tells of its deals: links that were made, sales converted."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from billing.deals.models import Conversion
from core.hooks import TimelineEntry, TimelineKind, TimelineSource, TimelineWindow

KIND = TimelineKind("conversions", _lazy("Conversions"), "folder-open-inverse")


def source(client: Any) -> TimelineSource:
    """Return the conversions of the opportunities of a client."""

    def rows(window: TimelineWindow) -> list[TimelineEntry]:
        found = Conversion.objects.filter(client=client)
        found = found.select_related("opportunity", "project", "quote", "done_by")
        words = ("opportunity__title", "project__title", "quote__number")
        return [
            _entry(row)
            for row in window.newest(found.defer("quote__search_vector"), "done_at", words=words)
        ]

    return TimelineSource(kinds=(KIND,), rows=rows, permission="crm.view_opportunity")


def _entry(row: Conversion) -> TimelineEntry:
    made = [str(one) for one in (row.project, row.quote) if one is not None]
    return TimelineEntry(
        at=row.done_at,
        text=_("Opportunité convertie : %(title)s") % {"title": row.opportunity.title},
        detail=" · ".join(made),
        url=reverse("wagtailsnippets_crm_opportunity:inspect", args=[row.opportunity_id]),
        kind=KIND.key,
        author=row.done_by or "",
    )
