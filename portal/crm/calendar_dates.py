"""Follow-ups of sales in the team's calendar."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks

from core.hooks import CalendarEntry, CalendarSource, CalendarWish
from portal.crm.models import Opportunity

MOST_ENTRIES = 500


def follow_ups(first: date, last: date, wish: CalendarWish) -> Sequence[CalendarEntry]:
    """Return the follow-ups to make between two days; none for one project. One query."""
    if wish.project_id is not None:
        return []
    rows = Opportunity.objects.filter(follow_up_date__gte=first, follow_up_date__lte=last)
    rows = rows.filter(stage__is_won=False, stage__is_lost=False).select_related("client")
    if wish.person_id is not None:
        rows = rows.filter(owner_id=wish.person_id)
    if wish.client_id is not None:
        rows = rows.filter(client_id=wish.client_id)
    today = timezone.localdate()
    rows = rows.only("title", "follow_up_date", "client__name").order_by("follow_up_date", "pk")
    return [
        CalendarEntry(
            on=row.follow_up_date,
            key=row.pk,
            title=row.title,
            url=reverse("wagtailsnippets_crm_opportunity:inspect", args=[row.pk]),
            detail=row.client.name,
            tone="bad" if row.follow_up_date < today else "",
            mark=_("En retard") if row.follow_up_date < today else "",
        )
        for row in rows[:MOST_ENTRIES]
        if row.follow_up_date is not None
    ]


@hooks.register("nourx_calendar_sources")
def dates_of_sales(user: Any) -> list[CalendarSource]:
    """Follow-ups, of whoever reads sales."""
    if not user.has_perm("crm.view_opportunity"):
        return []
    return [CalendarSource("relances", gettext_lazy("Relances"), follow_ups, order=30)]
