"""What sales add to the home page and to the search of the team."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from core.hooks import Alert, Alerts, Belongings, SearchHit, SearchSource, TeamFigure
from core.kept import kept
from core.money import format_short
from core.ui.formats import days_until
from portal.crm.figures import sales_figures
from portal.crm.models import Opportunity
from portal.crm.screens.opportunities import found_sales

SECONDS_KEPT = 60
LIST = "wagtailsnippets_crm_opportunity:list"
PAGE = "wagtailsnippets_crm_opportunity:inspect"


@hooks.register("nourx_team_alerts")
def follow_ups_to_make(request: HttpRequest) -> Iterator[Alerts]:
    """Bring up the follow-ups of today and late ones, and sales that nobody follows any more."""
    if not request.user.has_perm("crm.view_opportunity"):
        return
    today = timezone.localdate()
    due = _plain(Opportunity.objects.due(today)).order_by("follow_up_date", "pk")
    yield Alerts(
        kind="sales-follow-up",
        label=_("Relances commerciales"),
        url=reverse("crm_follow_ups"),
        rows=lambda most: [_follow_up(row, today) for row in due[:most]],
        total=Opportunity.objects.due(today),
        order=30,
    )
    left = Opportunity.objects.open().filter(owner__is_active=False)
    yield Alerts(
        kind="sales-left",
        label=_("Opportunités d’un compte fermé"),
        url=f"{reverse(LIST)}?standing=open",
        rows=lambda most: [_left(row) for row in _plain(left).order_by("pk")[:most]],
        total=left,
        order=60,
    )


def _plain(rows: QuerySet[Opportunity]) -> QuerySet[Opportunity]:
    rows = rows.select_related("client", "owner")
    return rows.defer("client__search_vector", "client__search_norm", "search_vector", "need")


def _follow_up(row: Opportunity, today: date) -> Alert:
    is_late = row.follow_up_date < today
    when = days_until(row.follow_up_date, today)
    return Alert(
        key=f"sales-follow-up:{row.pk}:{row.follow_up_date.isoformat()}",
        group="commercial",
        title=_text("Relancer %(client)s : %(title)s") % {"client": row.client, "title": row.title},
        detail=" · ".join(filter(None, [when, row.next_step])),
        url=reverse("wagtailsnippets_crm_opportunity:relance-faite", args=[row.pk]),
        weight=70 if is_late else 55,
        tone="bad" if is_late else "warn",
        since=row.follow_up_date,
        client_id=row.client_id,
    )


def _left(row: Opportunity) -> Alert:
    return Alert(
        key=f"sales-left:{row.pk}:{row.owner_id}",
        group="commercial",
        title=_text("À confier : %(title)s (%(client)s)")
        % {"title": row.title, "client": row.client},
        detail=_text("Le compte de %s est fermé.") % row.owner,
        url=reverse("wagtailsnippets_crm_opportunity:confier", args=[row.pk]),
        weight=50,
        client_id=row.client_id,
    )


@hooks.register("nourx_team_figures")
def sales(request: HttpRequest) -> Iterator[TeamFigure]:
    """Say how selling goes: leads, quotes sent, conversion, over twelve months."""
    if not request.user.has_perm("crm.view_opportunity"):
        return
    found = kept("sales", SECONDS_KEPT, lambda: sales_figures(timezone.now()))
    board = reverse("crm_pipeline")
    period = _("en douze mois")
    yield TeamFigure(
        group="commercial",
        label=_("Prospects"),
        value=found.leads,
        url=board,
        order=10,
        hint=period,
    )
    yield TeamFigure(
        group="commercial",
        label=_("Devis envoyés"),
        value=found.quotes,
        url=board,
        order=12,
        hint=period,
    )
    if found.conversion is not None:
        yield TeamFigure(
            group="commercial",
            label=_("Conversion"),
            value=f"{found.conversion}\u00a0%",
            url=f"{reverse(LIST)}?standing=won",
            order=14,
            hint=_("des prospects devenus clients"),
        )


@hooks.register("nourx_search_sources")
def find_sales(request: HttpRequest) -> Iterator[SearchSource]:
    """Find opportunities by what they are or by their client."""
    if not request.user.has_perm("crm.view_opportunity"):
        return
    yield SearchSource(
        key="opportunities",
        label=_("Opportunités"),
        icon="pick",
        find=_find,
        url=reverse(LIST),
        order=25,
    )


def _find(text: str, most: int) -> Sequence[SearchHit]:
    rows = found_sales(Opportunity.objects.all(), text).select_related("client", "stage")
    rows = rows.defer("client__search_vector", "client__search_norm", "search_vector", "need")
    return [
        SearchHit(
            title=row.title,
            detail=" · ".join(
                filter(
                    None,
                    [
                        str(row.client),
                        row.stage.name,
                        format_short(row.amount, row.currency) if row.amount is not None else "",
                    ],
                )
            ),
            url=reverse(PAGE, args=[row.pk]),
        )
        for row in rows.order_by("-created_at", "-pk")[:most]
    ]


@hooks.register("nourx_belongings")
def sales_of_person(person: Any) -> Iterator[Belongings]:
    rows = Opportunity.objects.open().filter(owner=person)
    yield Belongings(_("Opportunités ouvertes"), rows, "owner", order=40)
