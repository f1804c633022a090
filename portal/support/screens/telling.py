"""What the support puts on the home page and in the search of the back-office."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail import hooks

from core.backoffice.search import search
from core.hooks import Alert, Alerts, Belongings, SearchHit, SearchSource, TeamFigure
from core.kept import kept
from portal.support import queries
from portal.support.figures import mean_times
from portal.support.models import Ticket
from portal.support.screens.report import spent
from portal.support.screens.words import state_of

LIST, PAGE = "wagtailsnippets_support_ticket:list", "wagtailsnippets_support_ticket:inspect"
MEAN_OVER = timedelta(days=90)
SECONDS_KEPT = 60


def _may(request: HttpRequest) -> bool:
    return request.user.has_perm("support.view_ticket")


@hooks.register("nourx_team_figures")
def tickets_to_take(request: HttpRequest) -> Iterator[TeamFigure]:
    """Count the requests that wait for us, and those late; say how long one takes on average."""
    if not _may(request):
        return
    now = timezone.now()
    count, late = queries.count_waiting_for_us(at=now)
    yield TeamFigure(
        label=_("Demandes à traiter"),
        value=count,
        url=reverse(LIST) + "?status=open&status=taken",
        order=5,
        group="support",
        tone="bad" if late else "",
        hint=ngettext("dont %(count)s en retard", "dont %(count)s en retard", late)
        % {"count": late},
    )
    solved = Ticket.objects.filter(solved_at__gte=now - MEAN_OVER, merged_into=None)
    answer, solution = kept("support:mean-times", SECONDS_KEPT, lambda: mean_times(solved))
    if solution is not None:
        yield TeamFigure(
            label=_("Résolution, en moyenne"),
            value=spent(solution),
            url=reverse("support_sla"),
            order=6,
            group="support",
            hint=_text("première réponse : %(time)s, sur 90 jours") % {"time": spent(answer)},
        )


@hooks.register("nourx_team_alerts")
def broken_promises(request: HttpRequest) -> Iterator[Alerts]:
    """Give the requests past a promise, then those near the end of one."""
    if not _may(request):
        return
    now = timezone.now()
    yield Alerts(
        kind="sla-late",
        label=_("Délais de service dépassés"),
        url=reverse(LIST) + "?vue=retard",
        rows=lambda most: _alerts(Ticket.objects.late(now), most, is_late=True),
        total=Ticket.objects.late(now),
        order=20,
    )
    yield Alerts(
        kind="sla-risk",
        label=_("Délais de service proches"),
        url=reverse(LIST) + "?delai=risk",
        rows=lambda most: _alerts(Ticket.objects.at_risk(now), most, is_late=False),
        total=Ticket.objects.at_risk(now),
        order=45,
    )


def _alerts(rows: Any, most: int, *, is_late: bool) -> Sequence[Alert]:
    shown = rows.select_related("client").only(
        "number", "subject", "client__name", "project_id", "next_due_at", "priority"
    )
    return [
        Alert(
            key=f"sla:{row.pk}:{'late' if is_late else 'risk'}",
            group="support",
            title=f"{row.number} · {row.subject}",
            detail=row.client.name,
            url=reverse(PAGE, args=[row.pk]),
            weight=(80 if is_late else 55) + 5 * row.priority,
            tone="bad" if is_late else "warn",
            since=timezone.localdate(row.next_due_at),
            client_id=row.client_id,
            project_id=row.project_id,
        )
        for row in shown.order_by("next_due_at", "-priority", "id")[:most]
    ]


@hooks.register("nourx_search_sources")
def ticket_source(request: HttpRequest) -> Iterator[SearchSource]:
    if _may(request):
        yield SearchSource(
            key="tickets",
            label=_("Demandes"),
            icon="mail",
            find=_find,
            url=reverse(LIST),
            order=40,
        )


def _find(text: str, most: int) -> Sequence[SearchHit]:
    rows = search(Ticket.objects.select_related("client"), text)
    rows = rows.only("number", "subject", "status", "client__name").order_by("-updated_at", "-id")
    return [
        SearchHit(
            title=f"{row.number} · {row.subject}",
            detail=f"{row.client.name} · {state_of(row)}",
            url=reverse(PAGE, args=[row.pk]),
        )
        for row in rows[:most]
    ]


@hooks.register("nourx_belongings")
def tickets_of_person(person: Any) -> Iterator[Belongings]:
    rows = Ticket.objects.open().filter(assignee=person)
    yield Belongings(_("Tickets ouverts"), rows, "assignee", order=30)
